"""What one submission may cost the class: CPU seconds of this process to read and to check it, and
seconds lost to calls that never come back.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from autograder.errors import OverBudget

READING_S = 10.0
"""Unpacking, reading, aligning and preparing what people see: 1.2 CPU seconds at most for the
largest files that are read (docs/measurements.md).
"""
CHECKING_S = 60.0
"""Our side of all hidden checks: up to 6.4 CPU seconds for an honest submission (`diffusion`)."""
GRACE_S = 10.0
"""How much later the kernel ends the process, where nothing in it can be interrupted."""


class CpuBudget:
    """CPU time of this process that may be spent on one submission."""

    def __init__(self, seconds: float = READING_S) -> None:
        self.left_s = seconds

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Count what happens within it, all threads together. Raises OverBudget as soon as nothing
        is left, whatever the process is doing, save in a thread that is not the main one.
        """
        if not _may_be_interrupted():
            yield
            return
        before = signal.signal(signal.SIGPROF, _interrupt)
        start = time.process_time()
        _end_after(self.left_s + GRACE_S)
        signal.setitimer(signal.ITIMER_PROF, max(self.left_s, 1e-3))
        try:
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0.0)  # the signal may come just before
        except OverBudget:
            self.left_s = 0.0  # the two clocks differ by a tick
            raise
        finally:
            signal.signal(signal.SIGPROF, before)
            _end_after(None)
            self.left_s -= time.process_time() - start


@dataclass
class Patience:
    """How long a submission may keep a slot waiting for calls that never come back."""

    hung_s: float
    """Seconds in all, after which the questions that are left wait for a person."""
    lost_s: float = 0.0

    @property
    def short(self) -> bool:
        """Half of it is used up: from now on less is waited for the next call."""
        return self.lost_s > self.hung_s / 2

    @property
    def over(self) -> bool:
        return self.lost_s > self.hung_s


def end_process_when_over() -> None:
    """From now on the kernel ends this process when a budget is used up and nothing in it can be
    interrupted (a long run of C code). For processes that do nothing but grade.
    """
    global _ends_process
    _ends_process = True


_ends_process = False


def _may_be_interrupted() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise OverBudget


def _end_after(seconds: float | None) -> None:
    """Let the kernel end this process after so many more CPU seconds; None: no longer."""
    if not _ends_process:
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = hard if seconds is None else math.ceil(time.process_time() + max(seconds, 0.0)) + 1
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
