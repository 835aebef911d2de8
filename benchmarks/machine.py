"""The facts of the machine without which a measurement says nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("torch", "nbgrader", "nbclient", "nbformat", "ipykernel", "pytest")


def machine_facts(root: Path) -> dict[str, object]:
    """Processor, cores, memory (GiB), load before the run, versions, commit and date (UTC)."""
    load_1min, load_5min, _ = os.getloadavg()
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.processor() or "unknown",
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "load_before": {"1 min": round(load_1min, 2), "5 min": round(load_5min, 2)},
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "commit": _commit(root),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_root": os.geteuid() == 0,
    }


def _field(file: str, name: str) -> str:
    lines = Path(file).read_text(errors="replace").splitlines() if Path(file).is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _commit(root: Path) -> str:
    """The checkout's commit, with `+` when files differ from it; empty without git."""
    try:
        line = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--abbrev=12"]
        return subprocess.run(
            line, capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
