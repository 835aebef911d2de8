"""The process between the zygote and a student's: puts it into namespaces of its own, watches what
its tree uses, and ends the tree.

zygote ── fork ── supervisor ── fork ── the student's process (pid 1 of its own namespace) ──
whatever that starts

The supervisor holds one end of a leash (a pipe). When the zygote lets go of the other, or dies,
everything below the supervisor is killed.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from autograder.worker import confine

MIB = 2**20
SCRATCH_BYTES = 256 * MIB
SCRATCH_FILES = 20_000
SHARED_MEMORY_BYTES = 64 * MIB
FILE_BYTES = 64 * MIB
OPEN_FILES = 256
PROCESSES = 64
"""Processes and threads of one student."""
SESSIONS = 3
"""Of processes: the kernel shares the cores out among sessions (sched_autogroup), so that somebody
with fifty would leave a neighbour a fiftieth. A command (`!ls`) has one while it runs.
"""
SOCKETS = 512
"""Of a tree of processes: the kernel keeps some 200 KB for each, in no process's memory. seccomp
refuses to set more.
"""
WATCH_S = 0.25
SHARED_MIB = 350
"""What a tree's memory may hold beyond its limit: its share of the zygote's pages."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Setup:
    """How the zygote was started: from JSON on its command line.

    mode: `bubblewrap`, `landlock` or `none`. uid: the user that student code becomes, when the
    zygote may do that. read: what Landlock lets it read where it has no namespaces of its own.
    scratch: what its own tmpfs covers, or where its folder is made without one.
    """

    mode: str
    listener: int
    lifeline: int
    read: list[str]
    scratch: str
    uid: int | None = None
    libraries: bool = True
    session_nice: int = 0
    """How far the grader's session stands back, and so each session of a student."""


@dataclass(frozen=True)
class Use:
    """What one student may use: MiB of memory over all processes, seconds of CPU time for each.

    metric: of `dgm.quality`, what the zygote computes for it once, before it forks; empty for none.
    """

    memory_mb: int
    cpu_s: int
    metric: str = ""


@dataclass
class Layers:
    """What is in force around a student's process."""

    namespaces: bool = False
    scratch: str = "none"
    """`tmpfs` (size-capped by the kernel), `folder` (watched by the supervisor), `none`."""
    landlock: int = 0
    seccomp: bool = False
    process_limit: bool = False
    problems: list[str] = field(default_factory=list)


def supervise(
    setup: Setup, use: Use, leash: int, channel: int, student: Callable[[Layers], None]
) -> None:
    """Fork the student's process, which calls `student` and serves `channel`, and stay until the
    leash is let go of.

    Called in a fork of the zygote.
    """
    layers = Layers()
    if setup.mode != "none":
        _other_user(setup)
    if setup.mode == "bubblewrap":
        _own_namespaces(layers)
    scratch = "" if layers.namespaces else tempfile.mkdtemp(prefix="student-", dir=setup.scratch)
    if not layers.namespaces:
        confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        os.close(leash)
        _confine(setup, use, layers, scratch)
        os.close(proc)
        student(layers)
        return
    os.close(channel)  # whose closing tells the grader that the student's process has ended
    confine.prctl(confine.PR_SET_DUMPABLE, 0)
    tree = _Tree(child, proc, setup.session_nice)
    try:
        _watch(tree, leash, use, scratch)
    finally:
        _end(tree, layers.namespaces)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)


def _other_user(setup: Setup) -> None:
    if setup.uid is not None:
        confine.become(setup.uid, setup.uid)
    confine.prctl(
        confine.PR_SET_DUMPABLE, 1
    )  # else the files in /proc that map user ids are root's


def _own_namespaces(layers: Layers) -> None:
    flags = (
        confine.CLONE_NEWUSER
        | confine.CLONE_NEWPID
        | confine.CLONE_NEWIPC
        | confine.CLONE_NEWUTS
        | confine.CLONE_NEWNET
    )
    try:
        confine.unshare(flags)
        layers.namespaces = True
    except OSError as error:
        layers.problems.append(f"no own namespaces: {error}")


# In the student's process, before student code


def _confine(setup: Setup, use: Use, layers: Layers, scratch: str) -> None:
    confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    if setup.session_nice > 0:
        with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as file:
            file.write(str(setup.session_nice))
    mapped = int(_read("/proc/self/statm").split()[0]) * resource.getpagesize()
    processes = PROCESSES if layers.namespaces else _threads_of_this_user() + PROCESSES
    if layers.namespaces:
        scratch = _own_mounts(setup.scratch, layers)
    else:
        layers.scratch = "folder"
    for name in ("HOME", "TMPDIR"):
        os.environ[name] = scratch
    tempfile.tempdir = None
    os.chdir(scratch)
    _limit(mapped + use.memory_mb * MIB, use.cpu_s, processes)
    layers.process_limit = os.getuid() != 0  # the kernel exempts root
    if setup.mode == "none":
        return
    confine.drop_capabilities()
    read = ["/"] if layers.namespaces else [*setup.read, scratch]
    try:
        layers.landlock = confine.landlock(
            read, [scratch, *(["/dev/shm"] if layers.namespaces else []), *DEVICES]
        )
    except OSError as error:
        layers.problems.append(f"no Landlock: {error}")
    try:
        confine.seccomp(alone=not layers.namespaces)
        layers.seccomp = True
    except OSError as error:
        layers.problems.append(f"no seccomp: {error}")


def _own_mounts(scratch: str, layers: Layers) -> str:
    """Empty, size-capped scratch and /dev/shm, and a /proc that shows no other process. Returns the
    scratch folder.
    """
    confine.unshare(confine.CLONE_NEWNS)
    confine.mount("none", "/", "", confine.MS_REC | confine.MS_PRIVATE)
    flags = confine.MS_NOSUID | confine.MS_NODEV
    confine.mount(
        "tmpfs",
        scratch,
        "tmpfs",
        flags,
        f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=0700",
    )
    confine.mount(
        "tmpfs", "/dev/shm", "tmpfs", flags, f"size={SHARED_MEMORY_BYTES},nr_inodes=1000,mode=0700"
    )
    layers.scratch = "tmpfs"
    facts = {name: _read(f"/proc/{name}") for name in ("cpuinfo", "meminfo")}
    try:
        confine.mount("proc", "/proc", "proc", flags | confine.MS_NOEXEC)
    except OSError:  # parts of the outer /proc are covered, and then the kernel gives no fresh one
        confine.mount("tmpfs", "/proc", "tmpfs", flags, "size=1m,mode=0755")
        for name, content in facts.items():
            with open(f"/proc/{name}", "wb") as file:
                file.write(content)
        confine.mount("tmpfs", "/proc", "tmpfs", flags | confine.MS_REMOUNT | confine.MS_RDONLY)
    return scratch


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(512 * 1024)
    except OSError:
        return b""


def _limit(address_space: int, cpu_s: int, processes: int) -> None:
    """torch maps gigabytes that it never touches, so the address space is counted from what was
    mapped before.
    """
    for kind, value in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))
    signal.signal(
        signal.SIGXFSZ, signal.SIG_IGN
    )  # a file that grows too large is an error in the cell, not a crash


def session_nice() -> int:
    """How far this session stands back in sched(7)'s groups of sessions; 0 where there are none.

    A new session has 0: one that grades with a higher number would wait for what it grades.
    """
    try:
        with open("/proc/self/autogroup", encoding="ascii") as file:
            return int(file.read().rpartition(" ")[2])
    except (OSError, ValueError):
        return 0


def _threads_of_this_user() -> int:
    """What already counts against the process limit, where the user is shared with others."""
    count = 0
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdecimal() and os.stat(f"/proc/{name}").st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{name}/task"))
    return count


# In the supervisor


class _Tree:
    """The processes below the student's, by the /proc of outside."""

    def __init__(self, top: int, proc: int, session_nice: int) -> None:
        self.top = top
        self._proc = proc
        self._nice = session_nice
        self._held_back: set[bytes] = set()

    def read(self, path: str) -> bytes:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
            with open(fd, "rb") as file:
                return file.read(65536)
        except (OSError, ValueError):
            return b""

    def below(self, pid: int) -> Iterator[int]:
        """All descendants of a process; of orphans, the namespace's first process (or this
        supervisor) is the parent.
        """
        for thread in self._names(f"{pid}/task"):
            for child in self.read(f"{pid}/task/{thread}/children").split():
                yield int(child)
                yield from self.below(int(child))

    def _names(self, path: str) -> list[str]:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self._proc)
        except OSError:
            return []
        try:
            return os.listdir(fd)
        except OSError:
            return []
        finally:
            os.close(fd)

    def sessions(self, pids: list[int]) -> dict[bytes, int]:
        """The sessions they are of (proc_pid_stat(5), field 6), with a process of each."""
        found: dict[bytes, int] = {}
        for pid in pids:
            fields = self.read(f"{pid}/stat").rpartition(b")")[2].split()
            if len(fields) > 3:
                found.setdefault(fields[3], pid)
        return found

    def hold_back(self, sessions: dict[bytes, int]) -> None:
        """Give none of them more of the cores than the grader's own. The kernel takes one such
        change in a tenth of a second; the next look tries again.
        """
        if self._nice <= 0:
            return
        for session in sessions.keys() - self._held_back:
            with contextlib.suppress(OSError):
                path = f"{sessions[session]}/autogroup"
                fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._proc)
                with open(fd, "wb", buffering=0) as file:
                    file.write(str(self._nice).encode())
                self._held_back.add(session)

    def n_sockets(self, pids: list[int]) -> int:
        """How many sockets they hold, those once that several hold. Where one process may not look
        at another's, those of the ones that may be seen.
        """
        found: set[str] = set()
        for pid in pids:
            for name in self._names(f"{pid}/fd"):
                with contextlib.suppress(OSError):  # closed in the meantime
                    found.add(os.readlink(f"{pid}/fd/{name}", dir_fd=self._proc))
        return sum(place.startswith("socket:") for place in found)

    def memory_mb(self, pids: list[int]) -> float:
        """Memory of all of them, shared pages counted once (PSS), in MiB."""
        total = 0
        for pid in pids:
            for line in self.read(f"{pid}/smaps_rollup").splitlines():
                if line.startswith(b"Pss:"):
                    total += int(line.split()[1])
        return total / 1024


def _watch(tree: _Tree, leash: int, use: Use, scratch: str) -> None:
    """Return when the leash is let go of, or when the tree uses more than it may."""
    waiting = select.poll()
    waiting.register(leash)
    ticks = 0
    while not waiting.poll(int(WATCH_S * 1000)):
        ticks += 1
        below = list(tree.below(tree.top))
        if below:  # one process is held by its own limits
            pids = [tree.top, *below]
            sessions = tree.sessions(pids)
            tree.hold_back(sessions)
            if (
                tree.memory_mb(pids) > use.memory_mb + SHARED_MIB
                or len(sessions) > SESSIONS
                or tree.n_sockets(pids) > SOCKETS
            ):
                return
        if scratch and ticks % 4 == 0 and _folder_is_full(scratch):
            return


def _folder_is_full(folder: str) -> bool:
    """Whether the scratch folder holds more than it may, where the kernel does not see to it."""
    n_bytes = n_files = 0
    for path, folders, files in os.walk(folder):
        n_files += len(folders) + len(files)
        for name in files:
            with contextlib.suppress(OSError):
                n_bytes += os.lstat(os.path.join(path, name)).st_blocks * 512
        if n_bytes > SCRATCH_BYTES or n_files > SCRATCH_FILES:
            return True
    return False


def _end(tree: _Tree, own_pids: bool) -> None:
    """Kill the student's process and all that it started, and wait until they are gone."""
    if own_pids:  # the kernel ends a pid namespace with its first process
        _kill(tree.top, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(tree.top, 0)
        return
    give_up = time.monotonic() + 10.0
    while time.monotonic() < give_up:
        pids = list(tree.below(os.getpid()))
        if not pids:
            return
        for sign in (signal.SIGSTOP, signal.SIGKILL):  # what is stopped starts nothing new
            for pid in pids:
                _kill(pid, sign)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _kill(pid: int, sign: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, sign)
