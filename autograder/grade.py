"""Grade one submission: bytes of a zip in, a report and gradable notebooks out. Student code runs only in the sandbox."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment import Assignment, Limits, Question, load
from autograder.errors import AutograderError, CourseError, RejectedSubmission, StudentError
from autograder.intake import identify, read_submission
from autograder.intake.text import utf8
from autograder.regrade.digests import digests
from autograder.report import QuestionResult, Report, add_up

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.align import AlignedCell, AlignedNotebook
    from autograder.proxy import Student as Proxy
    from autograder.sandbox.host import Sandbox, WorkerChannel

MAX_BAD_CELLS = 8
"""Cells that hang or end the process, each found by one fresh worker, before the notebook is given up."""
SECOND_WAIT = 0.2
"""Of the time for a call: what the next call gets after one that hung, where none of the question has ever come back."""
RUN_KINDS = frozenset({"course", "answer", "own"})
"""Cells that are run: check cells and `train` cells are not."""


@dataclass(frozen=True)
class Graded:
    """What grading gives: the report, and for each notebook the one for nbgrader's `autograded/` folder, as JSON text."""

    report: Report
    notebooks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How a class is graded. `secret` seeds the inputs of the hidden checks; `jobs` counts processes."""

    root: Path
    isolation: str = "auto"
    secret: str = ""
    jobs: int = 0
    zygote: str = ""
    """Address of a sandbox that many graders share; empty: each process starts its own at the first use."""


def grade_one(data: bytes, file: str, slug: str, options: Options, before: Report | None = None) -> Graded:
    """Grade one submission. Never raises for what a student did; CourseError when the course itself is not in order.

    before: an earlier report on the same file; what it says of questions that nothing has changed for is kept, and only the others are
    graded. A report on another file, or by another grader, is not used.
    """
    start = time.perf_counter()
    assignment = load(slug, options.root)
    now = digests(slug, options.root)
    report = Report(
        assignment=slug,
        file=utf8(file),
        sha256=hashlib.sha256(data).hexdigest(),
        grader_sha256=now.grader,
        status="rejected",
        student=identify(file, assignment),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    kept: dict[str, QuestionResult] = {}
    if before is not None and (before.sha256, before.grader_sha256) == (report.sha256, report.grader_sha256):
        kept = {question.name: question for question in before.questions if decided(question, now.questions)}
    notebooks: dict[str, str] = {}
    try:
        submission = read_submission(data, file, assignment)
    except RejectedSubmission as error:
        report.message = error.message
    else:
        report.student, report.notes, handed_in = submission.student, list(submission.notes), submission.notebooks
        del submission  # its artifacts may have 64 MB
        notebooks = _grade_notebooks(handed_in, assignment, options, report, kept)
        _finish(report, now.questions, before if kept else None)
    report.notebooks = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in notebooks.items()}
    report.totals = add_up(report.questions)
    report.seconds = round(time.perf_counter() - start, 2)
    return Graded(report, notebooks)


def decided(question: QuestionResult, now: dict[str, str]) -> bool:
    """Is this earlier result still what grading would give? now: today's digests of the questions."""
    return question.outcome != "ungraded" and question.suite_sha256 == now.get(question.name)


def _finish(report: Report, now: dict[str, str], before: Report | None) -> None:
    """Status and digests, from the questions; and from an earlier report, when some of its results were kept, what goes with them."""
    for question in report.questions:
        question.suite_sha256 = now[question.name]
    waiting = [question.name for question in report.questions if question.outcome == "ungraded"]
    report.status = "ungraded" if waiting else "graded"
    report.message = f"a person has to look at: {', '.join(waiting)}" if waiting else ""
    if before is not None:
        report.notes = list(dict.fromkeys([*before.notes, *report.notes]))
        modes = dict.fromkeys(mode for text in (before.isolation, report.isolation) for mode in text.split("; ") if mode)
        report.isolation = "; ".join(modes)


def _grade_notebooks(
    handed_in: dict[str, bytes], assignment: Assignment, options: Options, report: Report, kept: dict[str, QuestionResult]
) -> dict[str, str]:
    from autograder.align import align
    from autograder.notebooks import to_text

    expires = time.monotonic() + assignment.limits.submission_s
    notebooks = {}
    for name in assignment.notebooks:
        aligned = align(handed_in.get(name), release_notebook(options.root, assignment.slug, name), assignment, name)
        report.notes += [f"{name}.ipynb: {note}" for note in ([aligned.problem] if aligned.problem else []) + aligned.notes]
        report.questions += _grade_notebook(aligned, assignment, options, report, expires, kept)
        if name in handed_in:
            notebooks[name] = to_text(aligned.to_notebook())
    return notebooks


def _grade_notebook(
    aligned: AlignedNotebook, assignment: Assignment, options: Options, report: Report, expires: float, kept: dict[str, QuestionResult]
) -> list[QuestionResult]:
    questions = assignment.in_notebook(aligned.name)
    cells = {cell.name: cell for cell in aligned.cells if cell.kind in ("answer", "analysis")}
    results = {question.name: ungraded_result(question, cells.get(question.name)) for question in questions}
    code = [question for question in questions if question.autograded]
    results |= {question.name: kept[question.name] for question in code if question.name in kept}
    left = [question for question in code if question.name not in kept]
    if aligned.problem:
        for question in left:
            results[question.name].score, results[question.name].outcome = 0.0, "graded"
    elif left:
        _run_checks(aligned, assignment, options, report, expires, results, kept)
    return list(results.values())


def _run_checks(
    aligned: AlignedNotebook,
    assignment: Assignment,
    options: Options,
    report: Report,
    expires: float,
    results: dict[str, QuestionResult],
    kept: dict[str, QuestionResult],
) -> None:
    """Fill in `results` of the code questions that were not `kept`. A fault of ours leaves those that have no score yet to a person."""
    from autograder.sandbox.host import Sandbox

    limits = assignment.limits
    code = [question for question in assignment.in_notebook(aligned.name) if question.autograded]
    try:
        with Sandbox(
            options.root, mode=options.isolation, memory_mb=limits.memory_mb, cpu_s=limits.submission_s, address=options.zygote
        ) as sandbox:
            run = NotebookRun(sandbox, aligned.cells, limits, expires + sandbox.waited_s)
            for question in code:
                if question.name not in kept:
                    grade_question(assignment.slug, question, run, options.secret, results[question.name])
                elif results[question.name].score != question.points:  # as if it had just been graded
                    run.doubtful.add(question.name)
            report.notes += run.notes
            report.isolation = sandbox.isolation
    except AutograderError as error:
        for question in code:
            if results[question.name].score is None:
                results[question.name].outcome = "ungraded"
                results[question.name].notes.append("this question waits for a person: the grader itself had a problem")
        report.staff_notes.append(f"{error.message} {error.detail}".strip())


def ungraded_result(question: Question, cell: AlignedCell | None) -> QuestionResult:
    """A question before it is graded: what it is worth, and how its answer was found."""
    return QuestionResult(
        name=question.name,
        title=question.title,
        notebook=question.notebook,
        kind=question.kind,
        points=question.points,
        bonus=question.bonus,
        found=cell.found if cell else "missing",
        blank=cell.blank if cell else True,
    )


def grade_question(slug: str, question: Question, run: NotebookRun, secret: str, result: QuestionResult) -> None:
    """Run the hidden checks of one question in the notebook's process, and fill in its result."""
    from autograder.runner import run_question, score

    result.checks = run_question(slug, question, run.student, secret, frozenset(run.doubtful))
    result.score = score(question, result.checks)
    result.outcome = "ungraded" if result.score is None else "graded"
    if result.score != question.points:
        run.doubtful.add(question.name)
    if error := run.cell_errors.get(question.name):
        result.notes.append(error)
    run.forget()


class NotebookRun:
    """A student's notebook, brought up in a fresh worker whenever the last one was lost.

    A cell that hangs or ends the process is left out from then on, so that it costs only what it defines. A cell that raises is like one in
    Jupyter: what it had done before stays.
    """

    def __init__(self, sandbox: Sandbox, cells: list[AlignedCell], limits: Limits, expires: float) -> None:
        self.cell_errors: dict[str, str] = {}
        """By question (or cell) name: what the student is told of a cell that could not be run."""
        self.notes: list[str] = []
        self.doubtful: set[str] = set()
        """Questions that did not get full marks."""
        self._sandbox = sandbox
        self._cells = [cell for cell in cells if cell.kind in RUN_KINDS and cell.cell_type == "code" and cell.source.strip()]
        self._limits = limits
        self._expires = expires
        self._bad: set[int] = set()
        self._hung = self._returned = False
        """Whether a call of this question hung, and whether one came back, in workers that are gone."""
        self._student: Proxy | None = None
        self._channel: WorkerChannel | None = None

    def student(self) -> Proxy:
        """A live proxy; after a timeout or crash, of a fresh worker that has run the same cells. Raises StudentError, WorkerError."""
        if self._student is None or self._channel is None or not self._channel.alive:
            if self._channel is not None:
                self._hung = self._hung or self._channel.hung
                self._returned = self._returned or self._channel.n_returned > 0
            while not self._bring_up():
                pass
        assert self._student is not None and self._channel is not None
        in_vain = self._hung and not self._returned and not self._channel.n_returned
        self._channel.limit_s = self._limits.call_s * (SECOND_WAIT if in_vain else 1.0)
        return self._student

    def _bring_up(self) -> bool:
        from autograder.proxy import Session
        from autograder.proxy import Student as Proxy

        if time.monotonic() > self._expires:
            raise StudentError("Timeout", "the time for the whole submission was used up", fatal=True)
        if len(self._bad) > MAX_BAD_CELLS:
            raise StudentError("Timeout", "too many cells of this notebook hang or end its process", fatal=True)
        channel = self._sandbox.fork()
        channel.expires, channel.limit_s = self._expires, self._limits.cell_s
        student = Proxy(Session(channel))
        for index, cell in enumerate(self._cells):
            if index in self._bad:
                continue
            try:
                student._session.ask("exec", cell.name, cell.source)
            except StudentError as error:
                self._note(cell, error)
                if error.fatal:
                    self._bad.add(index)
                    return False
        self._channel, self._student = channel, student
        return True

    def _note(self, cell: AlignedCell, error: StudentError) -> None:
        from autograder.runner import describe

        which = (
            f"the cell of {cell.name}"
            if cell.kind == "answer"
            else "one of your own cells"
            if cell.kind == "own"
            else f"the course's cell {cell.name}"
        )
        sentence = f"{which} could not be run: {describe(error)}"
        if cell.kind == "answer":
            self.cell_errors.setdefault(cell.name, sentence)
        elif sentence not in self.notes:
            self.notes.append(sentence)

    def forget(self) -> None:
        """Free what the checks of one question left in the worker, and begin the next one with full patience."""
        self._hung = self._returned = False
        if self._student is None or self._channel is None:
            return
        try:
            self._student._session.ask("forget")
            self._channel.n_returned = 0
        except StudentError:
            self._channel.close()
            self._student = self._channel = None


def release_file(root: Path, slug: str, name: str) -> Path:
    """Where the course's own release of a notebook is. Raises CourseError when it was not built."""
    file = root / "release" / slug / f"{name}.ipynb"
    if not file.is_file():
        raise CourseError(f"{file} is missing: run `autograder release {slug}` first")
    return file


@cache
def release_notebook(root: Path, slug: str, name: str) -> NotebookNode:
    """The course's own release of a notebook. Raises CourseError when it was not built."""
    import nbformat

    return nbformat.read(release_file(root, slug, name), as_version=4)
