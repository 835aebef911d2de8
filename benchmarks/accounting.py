"""What a command costs with everything that it starts: wall time, CPU time, peak memory, as a small
supervisor sees them.

`measure` starts this very file as the supervisor. It is a child subreaper, so that a process whose
parent is gone (a daemon, a sandbox whose launcher was killed) becomes its child and is counted.
Standard library only and started by its path, it adds next to nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 3.0
"""How long what outlives the command may take to end by itself before it is killed."""
SHARE = 0.012
"""Of one core, for sampling: a sample that took 12 ms is followed by a second's rest."""
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """The cost of a command and of all that it started. Seconds; bytes."""

    returncode: int
    wall_s: float
    cpu_s: float
    """User and system time: the larger of the next two, as either may miss something."""
    cpu_reaped_s: float
    """By getrusage: exact, but a process whose parent ignores SIGCHLD is not in it."""
    cpu_sampled_s: float
    """The last times seen in /proc of every process: misses what was used after its last sample."""
    peak_bytes: int
    """Largest sum of the proportional set sizes: a page that several share is counted once. Between
    samples it may have been more.
    """
    peak_processes: int
    n_samples: int
    n_unread: int
    """Processes whose memory could not be read (no right to, or gone meanwhile)."""
    sampler_cpu_s: float
    survivors: int
    """Processes that had to be killed after the command had ended."""


def measure(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdout: Path | None = None,
    stderr: Path | None = None,
    interval_s: float = 0.25,
) -> Usage:
    """Run a command under the supervisor. stdout, stderr: files to write, else what it prints is
    dropped.

    Raises RuntimeError when the supervisor itself fails; the command's own exit status is in the
    result.
    """
    with tempfile.TemporaryDirectory(prefix="measure-") as folder:
        result, complaint = Path(folder) / "usage.json", Path(folder) / "stderr"
        line = [
            sys.executable,
            "-S",
            "-E",
            __file__,
            "--result",
            str(result),
            "--interval",
            str(interval_s),
        ]
        for option, file in (("--stdout", stdout), ("--stderr", stderr)):
            line += [option, os.path.abspath(file)] if file else []
        with complaint.open("wb") as sink:
            supervisor = subprocess.run(
                [*line, "--", *command],
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stderr=sink,
                check=False,
            )
        if supervisor.returncode != 0 or not result.is_file():
            raise RuntimeError(
                f"the supervisor of {command[0]} failed: "
                f"{complaint.read_text(errors='replace')[-2000:]}"
            )
        return Usage(**json.loads(result.read_text()))


# The supervisor


@dataclass(frozen=True)
class _Process:
    parent: int
    start: int
    cpu_s: float


def _processes() -> dict[int, _Process]:
    """Every process that /proc shows, by its id."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (text := _read(f"/proc/{entry}/stat")):
            fields = text[
                text.rindex(b")") + 2 :
            ].split()  # the name before may hold spaces and brackets
            found[int(entry)] = _Process(
                int(fields[1]), int(fields[19]), (int(fields[11]) + int(fields[12])) / TICKS_PER_S
            )
    return found


def _descendants(of: int, processes: Mapping[int, _Process]) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, process in processes.items():
        children.setdefault(process.parent, []).append(pid)
    found, left = [], list(children.get(of, ()))
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, ())
    return found


def _read(file: str) -> bytes:
    """A file of /proc, empty when the process is gone or not ours to read."""
    try:
        with open(file, "rb", buffering=0) as stream:
            return stream.read(8192)
    except OSError:
        return b""


def _pss_bytes(pid: int) -> int | None:
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return None


class Sampler(threading.Thread):
    """Looks at the tree below a process again and again, and rests long enough to stay under SHARE
    of a core.
    """

    def __init__(self, of: int, interval_s: float) -> None:
        super().__init__(daemon=True)
        self.of, self.interval_s = of, interval_s
        self.cpu_by_process: dict[tuple[int, int], float] = {}
        self.peak_bytes = self.peak_processes = self.n_samples = self.n_unread = 0
        self.cpu_s = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        rest = 0.02
        while not self._done.wait(rest):
            start = time.thread_time()
            self.sample()
            cost = time.thread_time() - start
            self.cpu_s += cost
            rest = max(self.interval_s, cost / SHARE)

    def sample(self) -> None:
        processes = _processes()
        tree = _descendants(self.of, processes)
        total = 0
        for pid in tree:
            process = processes[pid]
            self.cpu_by_process[pid, process.start] = process.cpu_s
            pss = _pss_bytes(pid)
            total += pss or 0
            self.n_unread += pss is None
        self.n_samples += 1
        self.peak_bytes = max(self.peak_bytes, total)
        self.peak_processes = max(self.peak_processes, len(tree))

    def stop(self) -> None:
        self._done.set()
        self.join()


def supervise(
    command: Sequence[str], interval_s: float, stdout: str | None, stderr: str | None
) -> Usage:
    """Run the command as a child of this process, reap everything, and add it up."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(
            ctypes.get_errno(),
            "prctl(PR_SET_CHILD_SUBREAPER) was refused: Linux 3.4 or later is needed",
        )
    sampler = Sampler(os.getpid(), interval_s)
    with open(stdout or os.devnull, "wb") as out, open(stderr or os.devnull, "wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    sampler.start()
    status = None
    while status is None:
        pid, ended = os.waitpid(-1, 0)
        if pid == process.pid:
            status = ended
    wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    survivors = _reap_the_rest()
    sampler.stop()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    reaped_s = children.ru_utime + children.ru_stime
    sampled_s = sum(sampler.cpu_by_process.values())
    return Usage(
        returncode=process.returncode,
        wall_s=wall_s,
        cpu_s=max(reaped_s, sampled_s),
        cpu_reaped_s=reaped_s,
        cpu_sampled_s=sampled_s,
        peak_bytes=sampler.peak_bytes,
        peak_processes=sampler.peak_processes,
        n_samples=sampler.n_samples,
        n_unread=sampler.n_unread,
        sampler_cpu_s=sampler.cpu_s,
        survivors=survivors,
    )


def _reap_the_rest() -> int:
    """Wait for what the command left behind, then end it; how many had to be ended."""
    deadline = time.monotonic() + GRACE_S
    killed: set[tuple[int, int]] = set()
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] != 0:
                continue
        except ChildProcessError:
            return len(killed)
        if time.monotonic() > deadline:
            processes = _processes()
            for pid in _descendants(os.getpid(), processes):
                killed.add((pid, processes[pid].start))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Run a command; write what it and all that it started cost, as JSON."
    )
    parser.add_argument("--result", required=True, type=Path)
    parser.add_argument(
        "--interval",
        type=float,
        default=0.25,
        help="seconds between two looks at the tree, at least",
    )
    parser.add_argument("--stdout")
    parser.add_argument("--stderr")
    parser.add_argument("command", nargs="+", metavar="-- COMMAND")
    args = parser.parse_args()
    usage = supervise(args.command, args.interval, args.stdout, args.stderr)
    args.result.write_text(json.dumps(asdict(usage)))


if __name__ == "__main__":
    main()
