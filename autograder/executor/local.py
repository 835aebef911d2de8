"""Grading on this machine: in this process, or in several that are forked from one that has
imported torch.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection as mp_connection
from multiprocessing import get_context

import msgspec

from autograder.course.assignment import Limits
from autograder.errors import AutograderError
from autograder.executor import slot as grading_slot
from autograder.executor.tasks import Order, Task, by_path, grade, limit_s, our_fault
from autograder.grading.grade import Graded, Options
from autograder.intake.found_file import as_found

MAX_LOST_SLOTS = 2
"""Grading processes that one submission may take down before it needs manual review."""
STOP_S = 10.0
SLOT_MIB = 700
"""What one grading slot may take, without the submission's own processes (docs/cluster.md)."""
TOO_LONG = "reading or checking it used up the grader's time, and its process was ended (SIGXCPU)"


def n_cores() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_mib() -> int:
    """The memory of this machine, or of the container that this process is in."""
    from autograder.publish.gradescope.start import memory_mb

    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(whole, memory_mb() or whole)


def default_jobs(submission_mib: int = Limits().memory_mb) -> int:
    """One slot more than there are cores: each waits for its sandbox about half of the time. Fewer
    where submissions that each use all the memory that they may (`submission_mib`) would not fit
    side by side: an honest one must not wait for what a neighbour takes.
    """
    fitting = memory_mib() // (SLOT_MIB + submission_mib)
    return max(1, min(n_cores() + 1, fitting))


class LocalExecutor:
    """Processes on this machine, forked from a server that has imported torch and the grader; with
    one job, this process.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(
        self, tasks: Sequence[Task], options: Options, started: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[int, Graded]]:
        jobs = min(self.jobs, len(tasks))
        os.environ[grading_slot.COURSE] = str(options.root)
        os.environ[grading_slot.SLUGS] = " ".join(dict.fromkeys(task.slug for task in tasks))
        with grading_slot.shared_sandbox(options) as options:
            yield from (
                _run_on_slots(tasks, options, jobs, started)
                if jobs > 1
                else _run_here(tasks, options, started)
            )


def _run_here(
    tasks: Sequence[Task], options: Options, started: Callable[[], None]
) -> Iterator[tuple[int, Graded]]:
    with _one_thread():
        for task in tasks:
            graded = grade(by_path(task), options)
            started()
            yield task.index, graded


@contextmanager
def _one_thread() -> Iterator[None]:
    """As in a slot: sums over several threads may differ in their last bit."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _Slot:
    """One grading process and the task that it works on."""

    def __init__(self, options: Options) -> None:
        context = get_context("forkserver")
        # works for the first server of this process only; later ones have it already
        context.set_forkserver_preload(["autograder.executor.preload"])
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=grading_slot.run, args=(theirs, options), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.expires = 0.0

    def send(self, task: Task, order: Order, limit: float) -> None:
        message = msgspec.msgpack.encode(order)
        self.task, self.expires = task, time.monotonic() + limit
        with suppress(OSError):  # it has died: take() will say so
            self.connection.send_bytes(message)

    def take(self) -> Graded:
        """What became of the task. Raises AutograderError when the process is gone or gives no
        answer in time.
        """
        if not self.connection.poll():
            raise AutograderError(
                "the process that graded it gave no answer in time and was stopped"
            )
        try:
            graded = grading_slot.decode(self.connection.recv_bytes())
        except (EOFError, OSError):
            self.process.join(STOP_S)
            if self.process.exitcode == -signal.SIGXCPU:
                raise AutograderError(TOO_LONG) from None
            raise _SlotLost(
                f"the process that graded it ended (exit code {self.process.exitcode}) "
                f"{MAX_LOST_SLOTS} times"
            ) from None
        self.task = None
        return graded

    def stop(self) -> None:
        """Let an idle process close its sandbox and end."""
        with suppress(OSError):
            self.connection.send_bytes(grading_slot.STOP)
        self.process.join(STOP_S)

    def kill(self) -> None:
        """End the process at once; its sandbox dies with it."""
        self.process.kill()
        self.process.join()
        self.connection.close()


class _SlotLost(AutograderError):
    """A grading process ended before it answered."""


def _run_on_slots(
    tasks: Sequence[Task], options: Options, jobs: int, started: Callable[[], None]
) -> Iterator[tuple[int, Graded]]:
    """One task per slot is under way, so that few bytes are held and a slot that dies is the doing
    of one task.
    """
    left, lost, slots = deque(tasks), Counter[int](), list[_Slot]()
    try:
        while left or any(slot.task for slot in slots):
            while left and (slot := _free_slot(slots, jobs, options)):
                task = left.popleft()
                slot.send(task, by_path(task), limit_s(task, options))
            # the fork server is up: of what was to be imported only the sandbox's part may be left
            started()
            for slot, task in _finished(slots):
                try:
                    graded = slot.take()
                except AutograderError as error:
                    slots.remove(slot)
                    slot.kill()
                    lost[task.index] += 1
                    if isinstance(error, _SlotLost) and lost[task.index] < MAX_LOST_SLOTS:
                        left.appendleft(task)
                        continue
                    file = as_found(task.file)
                    graded = our_fault(file.name, task.slug, options, error, file.sender)
                yield task.index, graded
        for slot in slots:
            slot.stop()
    finally:
        for slot in slots:
            slot.kill()


def _free_slot(slots: list[_Slot], jobs: int, options: Options) -> _Slot | None:
    """An idle slot, a new one while there are fewer than `jobs`, or None."""
    if idle := next((slot for slot in slots if slot.task is None), None):
        return idle
    if len(slots) < jobs:
        slots.append(_Slot(options))
        return slots[-1]
    return None


def _finished(slots: list[_Slot]) -> list[tuple[_Slot, Task]]:
    """Wait for slots that have answered, died, or used up their time; each with the task that it
    worked on.
    """
    busy = [(slot, slot.task) for slot in slots if slot.task]
    if not busy:
        return []
    left_s = max(0.0, min(slot.expires for slot, _ in busy) - time.monotonic())
    ready = mp_connection.wait([slot.connection for slot, _ in busy], left_s)
    return [
        (slot, task)
        for slot, task in busy
        if slot.connection in ready or slot.expires <= time.monotonic()
    ]
