"""Grade one made-up notebook as a student's is: aligned, brought up in a fresh worker of the
sandbox, checked from out here.

One process has one sandbox for all of its notebooks; each notebook gets a fork of it that has seen
no other.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path

import msgspec

from autograder.align.align import align
from autograder.audit.known import Cell, handed_in
from autograder.checks.suite import use_suites_of
from autograder.course.assignment import load
from autograder.course.model_answers import model_answers
from autograder.course.released import release_notebook
from autograder.errors import CourseError, WorkerError
from autograder.executor.local import n_cores
from autograder.grading.grade import ungraded_result
from autograder.grading.notebook_run import NotebookRun, grade_question
from autograder.report import QuestionResult
from autograder.sandbox.client import Sandbox


@dataclass(frozen=True)
class Task:
    """A notebook to grade: the model solution with `cells` in it (or, with `blank`, the release as
    it is).

    only: the questions to grade, all of the notebook when empty; call_s: a shorter limit than the
    assignment's for one call.
    """

    notebook: str
    secret: str
    cells: tuple[Cell, ...] = ()
    blank: bool = False
    only: tuple[str, ...] = ()
    call_s: float | None = None


class Graded(msgspec.Struct):
    """What became of a task."""

    questions: list[QuestionResult]
    seconds: float


class Grader:
    """Grades the tasks of one assignment, one after another, in one sandbox. A context manager."""

    def __init__(self, root: Path, slug: str, isolation: str) -> None:
        self.root = root
        use_suites_of(root)
        self.assignment = load(slug, root)
        limits = self.assignment.limits
        self.sandbox = Sandbox(
            root, mode=isolation, memory_mb=limits.memory_mb, cpu_s=limits.submission_s
        )

    def __enter__(self) -> Grader:
        self.sandbox.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.sandbox.__exit__(None, None, None)

    def grade(self, task: Task) -> Graded:
        """Raises CourseError when the made-up notebook cannot be read, which a student would be
        told.
        """
        start = time.perf_counter()
        slug, limits = self.assignment.slug, self.assignment.limits
        if task.call_s is not None:
            limits = msgspec.structs.replace(limits, call_s=min(limits.call_s, task.call_s))
        release = release_notebook(self.root, slug, task.notebook)
        answers = {} if task.blank else model_answers(self.root, slug, task.notebook)
        aligned = align(
            handed_in(release, answers, task.cells), release, self.assignment, task.notebook
        )
        if aligned.problem:
            raise CourseError(
                f"{slug}: the audit's own notebook cannot be graded: {aligned.problem}"
            )
        run = NotebookRun(
            self.sandbox, aligned.cells, limits, time.monotonic() + limits.submission_s
        )
        cells = {cell.name: cell for cell in aligned.cells if cell.kind == "answer"}
        graded = []
        for question in self.assignment.in_notebook(task.notebook):
            if question.has_checks and (not task.only or question.name in task.only):
                graded.append(ungraded_result(question, cells.get(question.name)))
                graded[-1].blank = False  # then one check would speak for all: here each is asked
                grade_question(slug, question, run, task.secret, graded[-1])
        return Graded(graded, round(time.perf_counter() - start, 3))


_grader: Grader | None = None
"""This process's own, where processes were started for the audit."""


def _start_process(root: Path, slug: str, isolation: str) -> None:
    import torch

    torch.set_num_threads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    global _grader
    stack = contextlib.ExitStack()
    _grader = stack.enter_context(Grader(root, slug, isolation))
    atexit.register(stack.close)


def _end_with_parent() -> None:
    # A pool's processes wait for work forever if the one that feeds them is killed.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _grade_here(task: Task) -> Graded:
    assert _grader is not None
    return _grader.grade(task)


def grade_tasks(
    tasks: list[Task], root: Path, slug: str, *, isolation: str, jobs: int
) -> Iterator[tuple[int, Graded]]:
    """Grade every task; (index, what came of it) as they are done. `jobs` processes, 0: one per
    core.

    Raises WorkerError when one of them dies.
    """
    jobs = min(jobs or n_cores(), len(tasks))
    if jobs <= 1:
        with Grader(root, slug, isolation) as grader:
            for index, task in enumerate(tasks):
                yield index, grader.grade(task)
        return
    # spawn: a fork of a process that has used torch may hang in its thread pool
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), _start_process, (root, slug, isolation)
    ) as pool:
        pending = {pool.submit(_grade_here, task): index for index, task in enumerate(tasks)}
        try:
            for future in as_completed(pending):
                yield pending[future], future.result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process of the audit ended before its time (out of memory?): try --jobs 1",
                detail=str(error),
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)
