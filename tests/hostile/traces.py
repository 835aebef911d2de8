"""What a run leaves on the machine: processes, files, shared memory. Looked at before and after."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.hostile.attack import MARK

PR_SET_CHILD_SUBREAPER = 36
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run")
POISON_KEY = 0x64676D
"""The key of System V objects that attacks make."""
SETTLE_S = 5.0
"""How long processes that were killed may take to be gone."""


def files_below(folder: Path) -> dict[str, str]:
    """Every file below `folder` with a digest of its content and rights."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = (
            hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file() and not path.is_symlink()
            else ""
        )
        found[str(path.relative_to(folder))] = f"{status.st_mode:o} {content}"
    return found


def marked() -> set[str]:
    """Everything on this machine that carries the attackers' mark: files in shared folders,
    sockets, System V objects.
    """
    found = {
        str(path)
        for folder in SHARED_FOLDERS
        if os.path.isdir(folder)
        for path in Path(folder).iterdir()
        if MARK in path.name
    }
    found |= {str(path) for path in Path.home().glob(f"*{MARK}*")}
    with open("/proc/net/unix", encoding="utf-8") as file:
        found |= {line.split()[-1] for line in file if MARK in line and "-beacon-" not in line}
    for kind in ("shm", "msg", "sem"):
        with contextlib.suppress(OSError), open(f"/proc/sysvipc/{kind}", encoding="ascii") as file:
            found |= {f"sysv {kind}" for line in file if line.split()[0] == str(POISON_KEY)}
    return found


@contextmanager
def adopting() -> Iterator[set[int]]:
    """Orphans below this process become its children for a while: none is lost sight of. Gives the
    children that were there before.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield {child.pid for child in psutil.Process().children(recursive=True)}
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def left_running(before: set[int]) -> list[str]:
    """Descendants that are still there after a moment, as `pid command`; they are ended, since they
    are ours.
    """
    end = time.monotonic() + SETTLE_S
    while (alive := _alive(before)) and time.monotonic() < end:
        time.sleep(0.1)
    names = []
    for process in alive:
        with contextlib.suppress(psutil.Error):
            names.append(f"{process.pid} {' '.join(process.cmdline())[:80] or process.name()}")
            process.kill()
    return names


def _alive(before: set[int]) -> list[psutil.Process]:
    alive = []
    for child in psutil.Process().children(recursive=True):
        if child.pid in before:
            continue
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if child.status() != psutil.STATUS_ZOMBIE:
                alive.append(child)
            elif child.ppid() == os.getpid():
                os.waitpid(child.pid, os.WNOHANG)
    return alive
