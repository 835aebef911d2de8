"""A student's notebook, brought up in a worker of the sandbox, and the hidden checks of a question
run in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from autograder.course.assignment import Limits, Question
from autograder.errors import OverBudget, StudentError
from autograder.grading.budget import CHECKING_S, CpuBudget, Patience
from autograder.report import QuestionResult

if TYPE_CHECKING:
    from autograder.align.align import AlignedCell
    from autograder.sandbox.client import Sandbox, WorkerChannel
    from autograder.sandbox.proxy import Session
    from autograder.sandbox.proxy import Student as Proxy


MAX_BAD_CELLS = 8
"""Cells that hang or end the process, each found by one fresh worker, before the notebook is given
up.
"""
MANY_BAD_CELLS = 2
"""After so many, less is waited for the next cell."""

SECOND_WAIT = 0.2
"""Of the time for a call: what the next call gets after one that hung, where none of the question
has ever come back, and every call of a submission that has used up half of its patience; also what
a cell gets after many bad ones.
"""


WAITS = (
    "this question needs manual review: it was not run, because code of other questions never "
    "ended or kept the grader busy"
)
BUSY = (
    f"this question needs manual review: checking this submission took more than {CHECKING_S:g} s "
    "of the grader's own time. Find out which results of it are so large"
)

RUN_KINDS = frozenset({"course", "answer", "own"})
"""Cells that are run: check cells and `train` cells are not."""


def grade_question(
    slug: str, question: Question, run: NotebookRun, secret: str, result: QuestionResult
) -> None:
    """Run the hidden checks of one question in the notebook's process, and fill in its result."""
    from autograder.checks.judge import judge_question

    if run.patience.over or run.checking.left_s <= 0:
        result.outcome = "ungraded"
        result.notes.append(WAITS)
        return
    try:
        with run.checking.spend():
            judge_question(slug, question, run.student, secret, result, frozenset(run.doubtful))
    except OverBudget:
        result.outcome = "ungraded"
        result.notes.append(BUSY)
        return
    if result.score != question.points:
        run.doubtful.add(question.name)
    result.notes += run.told_of(question.name, full_marks=result.score == question.points)
    run.forget()


class NotebookRun:
    """A student's notebook, brought up in a fresh worker whenever the last one was lost.

    A cell that hangs or ends the process is left out from then on, so that it costs only what it
    defines. A cell that raises is like one in Jupyter: what it had done before stays.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        cells: list[AlignedCell],
        limits: Limits,
        expires: float,
        patience: Patience | None = None,
        checking: CpuBudget | None = None,
    ) -> None:
        """patience, checking: of the whole submission, which this notebook uses up; None: its
        own.
        """
        self.patience = patience or Patience(limits.hung_s)
        self.checking = checking or CpuBudget(CHECKING_S)
        self._answer_errors: dict[str, str] = {}
        """By question (or cell) name: what the student is told of a cell that could not be run."""
        self._own_errors: dict[str, list[str]] = {}
        """The same of the student's own cells, by the answer above (or, at the top, below)."""
        self._course_errors: list[str] = []
        self.doubtful: set[str] = set()
        """Questions that did not get full marks."""
        self._sandbox = sandbox
        self._cells = [
            cell
            for cell in cells
            if cell.kind in RUN_KINDS and cell.cell_type == "code" and cell.source.strip()
        ]
        self._limits = limits
        self._expires = expires
        self._bad: set[int] = set()
        self._hung = self._returned = False
        """Whether a call of this question hung, and whether one came back, in workers that are
        gone.
        """
        self._student: Proxy | None = None
        self._session: Session | None = None
        self._channel: WorkerChannel | None = None

    def student(self) -> Proxy:
        """A live proxy; after a timeout or crash, of a fresh worker that has run the same cells.
        Raises StudentError, WorkerError.
        """
        if self._student is None or self._channel is None or not self._channel.alive:
            if self._channel is not None:
                self._hung = self._hung or self._channel.hung
                self._returned = self._returned or self._channel.n_returned > 0
                self._count_lost(self._channel)
            if self._hung and not self._returned and self.patience.short:
                raise StudentError("Timeout", "an earlier call of this question hung", fatal=True)
            while not self._bring_up():
                pass
        assert self._student is not None and self._channel is not None
        in_vain = self._hung and not self._returned and not self._channel.n_returned
        share = SECOND_WAIT if in_vain or self.patience.short else 1.0
        self._channel.limit_s = self._limits.call_s * share
        return self._student

    def _count_lost(self, channel: WorkerChannel) -> None:
        self.patience.lost_s += channel.hung_s
        channel.hung_s = 0.0

    def _bring_up(self) -> bool:
        from autograder.sandbox.proxy import Session
        from autograder.sandbox.proxy import Student as Proxy

        if time.monotonic() > self._expires:
            raise StudentError(
                "Timeout", "the time for the whole submission was used up", fatal=True
            )
        if len(self._bad) > MAX_BAD_CELLS:
            raise StudentError(
                "Timeout", "too many cells of this notebook hang or end its process", fatal=True
            )
        channel = self._sandbox.fork()
        channel.expires, channel.limit_s = self._expires, self._limits.cell_s
        if len(self._bad) >= MANY_BAD_CELLS:
            channel.limit_s *= SECOND_WAIT
        session = Session(channel)
        for index, cell in enumerate(self._cells):
            if index in self._bad:
                continue
            try:
                session.ask("exec", cell.name, cell.source)
            except StudentError as error:
                self._note(index, error)
                if error.fatal:
                    self._bad.add(index)
                    return False
        self._channel, self._session, self._student = channel, session, Proxy(session)
        return True

    def exec(self, name: str, source: str) -> None:
        """Run a cell of the course in the live process, after `student()`. Raises StudentError."""
        assert self._session is not None and self._channel is not None
        self._channel.limit_s = self._limits.cell_s
        self._session.ask("exec", name, source)

    def _note(self, index: int, error: StudentError) -> None:
        from autograder.checks.judge import describe

        cell = self._cells[index]
        what = f"could not be run: {describe(error)}"
        if cell.kind == "answer":
            self._answer_errors.setdefault(cell.name, f"the cell of {cell.name} {what}")
            return
        if cell.kind == "course":
            told, sentence = self._course_errors, f"the course's cell {cell.name} {what}"
        else:
            above = [each.name for each in self._cells[:index] if each.kind == "answer"]
            below = [each.name for each in self._cells[index:] if each.kind == "answer"]
            name = (above[-1:] or below[:1] or [""])[0]
            told = self._own_errors.setdefault(name, [])
            where = f" {'below' if above else 'above'} {name}" if name else ""
            sentence = f"your own cell{where} {what}"
        if sentence not in told:
            told.append(sentence)

    def told_of(self, question: str, *, full_marks: bool) -> list[str]:
        """What the student is told with a question about cells that could not be run: its own, and
        where points were lost also those that the student added to it.
        """
        own = [] if full_marks else self._own_errors.pop(question, [])
        return [*([error] if (error := self._answer_errors.get(question)) else []), *own]

    @property
    def notes(self) -> list[str]:
        """What the student is told about cells that could not be run and belong to no question."""
        return [
            *self._course_errors,
            *(error for errors in self._own_errors.values() for error in errors),
        ]

    def forget(self) -> None:
        """Free what the checks of one question left in the worker, and begin the next one with full
        patience.
        """
        if self._channel is not None:
            self._count_lost(self._channel)
        self._hung = self._returned = False
        if self._session is None or self._channel is None:
            return
        try:
            self._session.ask("forget")
            self._channel.n_returned = 0
        except StudentError:
            self._channel.close()
            self._student = self._session = self._channel = None
