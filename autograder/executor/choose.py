"""Where submissions are graded: in this process, in several on this machine, or on a Dask cluster.
Same bytes in, same reports out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from autograder.executor.tasks import Task, our_fault, waiting
from autograder.grading.grade import Graded, Options

__all__ = ["Executor", "Task", "choose_executor", "our_fault", "waiting"]


class Executor(Protocol):
    """Grades tasks wherever it likes. A fault of ours with one of them is its outcome and never
    stops the rest.
    """

    def run(
        self, tasks: Sequence[Task], options: Options, started: Callable[[], None] = ...
    ) -> Iterator[tuple[int, Graded]]:
        """Each task's number and outcome, as they finish, in any order. Nothing is left running
        when the iterator is closed.

        started: called, perhaps more than once, from when most of what grading imports is there.
        """
        ...


def choose_executor(jobs: int = 0, scheduler: str = "") -> Executor:
    """A Dask cluster when there is the address of its scheduler, else `jobs` processes here (0: as
    many as `local.default_jobs` says).
    """
    if scheduler:
        from autograder.executor.cluster import DaskExecutor

        return DaskExecutor(scheduler)
    from autograder.executor.local import LocalExecutor, default_jobs

    return LocalExecutor(jobs or default_jobs())
