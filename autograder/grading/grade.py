"""Grade one submission: bytes of a zip in, a report and gradable notebooks out. Student code runs
only in the sandbox.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment, Question, load
from autograder.course.parts import notebooks_in
from autograder.course.released import release_notebook
from autograder.errors import AutograderError, OverBudget, RejectedSubmission
from autograder.grading.budget import CHECKING_S, READING_S, CpuBudget, Patience
from autograder.grading.digests import digests
from autograder.grading.notebook_run import NotebookRun, grade_question
from autograder.grading.quality import Artifacts, grade_quality, nothing
from autograder.intake.read import read_submission
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import clean, listing, utf8
from autograder.intake.who import identify
from autograder.report import QuestionResult, Report, Sender, add_up

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.align.align import AlignedCell, AlignedNotebook
    from autograder.sandbox.client import Sandbox


@dataclass(frozen=True)
class Graded:
    """What grading gives: the report, and for each notebook the one for nbgrader's `autograded/`
    folder, as JSON text.
    """

    report: Report
    notebooks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How a class is graded. `secret` seeds the inputs of the hidden checks; `jobs` counts
    processes.
    """

    root: Path
    isolation: str = "auto"
    secret: str = ""
    jobs: int = 0
    submission_s: float | None = None
    """Less than the assignment's own limit where whoever runs the grader has less time."""
    zygote: str = ""
    """Address of a sandbox that many graders share; empty: each process starts its own at the first
    use.
    """
    part: str = ""
    """Of an assignment with parts the only one to grade; empty: each that a file hands in."""

    def time_for(self, assignment: Assignment) -> float:
        """Seconds that one submission may take."""
        limit = assignment.limits.submission_s
        return limit if self.submission_s is None else min(limit, self.submission_s)


def grade_one(
    data: bytes,
    file: str,
    slug: str,
    options: Options,
    before: Report | None = None,
    sender: Sender | None = None,
) -> Graded:
    """Grade one submission. Never raises for what a student did; CourseError when the course itself
    is not in order.

    sender: who uploaded it, by a learning platform.
    before: an earlier report on the same file; what it says of questions that nothing has changed
    for is kept, and only the others are graded. A report on another file, or by another grader, is
    not used.
    """
    from autograder.checks.suite import use_suites_of

    start = time.perf_counter()
    use_suites_of(options.root)
    assignment = load(slug, options.root)
    now = digests(slug, options.root)
    report = Report(
        assignment=slug,
        file=utf8(file),
        sha256=hashlib.sha256(data).hexdigest(),
        grader_sha256=now.grader,
        status="rejected",
        student=identify(file, assignment, sender),
        sender=sender,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    kept: dict[str, QuestionResult] = {}
    if before is not None and (before.sha256, before.grader_sha256) == (
        report.sha256,
        report.grader_sha256,
    ):
        kept = {
            question.name: question
            for question in before.questions
            if decided(question, now.questions)
        }
    notebooks: dict[str, str] = {}
    reading = CpuBudget()
    try:
        with reading.spend():
            submission = read_submission(data, file, assignment, sender=sender)
        report.parts = _chosen_parts(submission, assignment, options.part)
    except RejectedSubmission as error:
        report.message = error.message
        report.status = "ungraded" if error.waits else "rejected"
    except OverBudget:
        report.status, report.message = "ungraded", f"{_too_long('it')}."
    else:
        report.student, report.handed_in = submission.student, submission.handed_in
        report.notes, handed_in = list(submission.notes), submission.notebooks
        wanted = notebooks_in(assignment, report.parts)
        also = submission.also
        unclear = {name: why for name, why in submission.unclear.items() if name in wanted}
        artifacts = _measured(submission, assignment)
        del submission  # its artifacts may have 64 MB
        expires = time.monotonic() + options.time_for(assignment)
        grading = _Grading(
            assignment, options, report, kept, expires, artifacts, also, unclear, reading
        )
        notebooks = grading.notebooks(handed_in)
        _finish(report, now.questions, before if kept else None, unclear)
    report.notebooks = {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in notebooks.items()
    }
    report.totals = add_up(report.questions, assignment.choices)
    report.seconds = round(time.perf_counter() - start, 2)
    return Graded(report, notebooks)


def decided(question: QuestionResult, now: dict[str, str]) -> bool:
    """Is this earlier result still what grading would give? now: today's digests of the
    questions.
    """
    return question.outcome != "ungraded" and question.suite_sha256 == now.get(question.name)


def _chosen_parts(submission: Submission, assignment: Assignment, only: str) -> list[str]:
    """The parts to grade. Raises RejectedSubmission when the only one wanted is not among those
    that are handed in.
    """
    if not only or only in submission.parts:
        return [only] if only else submission.parts
    titles = listing([f"{assignment.parts[name].title!r}" for name in submission.parts])
    raise RejectedSubmission(
        f"This is a submission of {titles}, but the part {assignment.parts[only].title!r} is "
        f"wanted here. Pack it with --part {only}."
    )


def _measured(submission: Submission, assignment: Assignment) -> Artifacts:
    """What quality questions measure of it, and nothing else."""
    wanted = {each.quality.artifact for each in assignment.questions.values() if each.quality}
    kept = {name: data for name, data in submission.artifacts.items() if name in wanted}
    return Artifacts(kept, submission.left_out)


def _finish(
    report: Report, now: dict[str, str], before: Report | None, unclear: dict[str, str]
) -> None:
    """Status and digests, from the questions; and from an earlier report, when some of its results
    were kept, what goes with them.
    """
    for question in report.questions:
        question.suite_sha256 = now[question.name]
    waiting = [question.name for question in report.questions if question.outcome == "ungraded"]
    report.status = "ungraded" if waiting else "graded"
    report.message = f"needs manual review: {', '.join(waiting)}" if waiting else ""
    if unclear:
        report.status, report.message = "ungraded", ". ".join(unclear.values()) + "."
    if before is not None:
        report.notes = list(dict.fromkeys([*before.notes, *report.notes]))
        modes = dict.fromkeys(
            mode
            for text in (before.isolation, report.isolation)
            for mode in text.split("; ")
            if mode
        )
        report.isolation = "; ".join(modes)


@dataclass
class _Grading:
    """One submission that is being graded: its report grows, notebook by notebook."""

    assignment: Assignment
    options: Options
    report: Report
    kept: dict[str, QuestionResult]
    """Results of an earlier report that still hold, by question."""
    expires: float
    """The `time.monotonic()` when all must be done. Waiting for the sandbox moves it."""
    artifacts: Artifacts
    also: dict[str, dict[str, bytes]]
    """By notebook, files that may be it, if it is blank."""
    unclear: dict[str, str]
    """By notebook, why it waits: it grows."""
    reading: CpuBudget
    """What is left of our own time for aligning notebooks and for preparing what people see."""
    patience: Patience = field(init=False)
    checking: CpuBudget = field(default_factory=lambda: CpuBudget(CHECKING_S))
    """What is left of it for the hidden checks."""

    def __post_init__(self) -> None:
        self.patience = Patience(self.assignment.limits.hung_s)

    def notebooks(self, handed_in: dict[str, bytes]) -> dict[str, str]:
        """Grade every notebook of the parts; those that were handed in, as JSON for formgrader."""
        shown = {}
        for name in notebooks_in(self.assignment, self.report.parts):
            try:
                with self.reading.spend():
                    aligned = self._aligned(name, handed_in)
                results = self._notebook(name, aligned)
                if name in handed_in:
                    with self.reading.spend():
                        shown[name] = _shown(aligned, results)
            except OverBudget:
                self.unclear[name] = _too_long(f"{name}.ipynb")
                results = self._notebook(name, None)
            self.report.questions += results
        return shown

    def _aligned(self, name: str, handed_in: dict[str, bytes]) -> AlignedNotebook:
        from autograder.align.align import align

        release = release_notebook(self.options.root, self.assignment.slug, name)
        aligned = align(handed_in.get(name), release, self.assignment, name)
        if all(cell.blank for cell in aligned.cells if cell.kind in ("answer", "analysis")):
            aligned = self._instead(aligned, name, release) or aligned
        if name in handed_in and (problem := aligned.problem or _not_ours(aligned)):
            self.unclear[name] = problem.removesuffix(".")
        notes = ([aligned.problem] if aligned.problem else []) + aligned.notes
        self.report.notes += [f"{name}.ipynb: {note}" for note in notes]
        return aligned

    def _instead(
        self, aligned: AlignedNotebook, name: str, release: NotebookNode
    ) -> AlignedNotebook | None:
        """The only look-alike with answers in it, for a notebook without any."""
        from autograder.align.align import align

        filled = {}
        for file, data in self.also.get(name, {}).items():
            other = align(data, release, self.assignment, name)
            if any(not cell.blank for cell in other.cells if cell.kind in ("answer", "analysis")):
                filled[file] = other
        if len(filled) == 1:
            ((file, other),) = filled.items()
            other.notes.insert(0, f"it has no answers, so {clean(file, 80)} was taken for it.")
            return other
        if filled:
            self.unclear[name] = (
                f"{name}.ipynb has no answers, and {listing(list(filled))} may be meant. Find out "
                "which, and rename it"
            )
        return None

    def _notebook(self, name: str, aligned: AlignedNotebook | None) -> list[QuestionResult]:
        """aligned: None for one that takes too long to be read, which is in `unclear` then."""
        questions = self.assignment.in_notebook(name)
        found = aligned.cells if aligned else []
        cells = {cell.name: cell for cell in found if cell.kind in ("answer", "analysis")}
        results = {
            question.name: self.kept[question.name]
            if question.autograded and question.name in self.kept
            else ungraded_result(question, cells.get(question.name))
            for question in questions
        }
        self._quality(questions, results)
        if aligned is None or name in self.unclear:
            self._wait(questions, results, name)
            return list(results.values())
        left = [each for each in questions if each.has_checks and each.name not in self.kept]
        if aligned.problem:
            for question in left:
                results[question.name].score, results[question.name].outcome = 0.0, "graded"
        elif left:
            self._checks(aligned, results)
        return list(results.values())

    def _wait(
        self, questions: list[Question], results: dict[str, QuestionResult], name: str
    ) -> None:
        """Nobody gets 0 for a notebook that could not be read, or told from another."""
        for question in questions:
            if question.kind != "quality":
                results[question.name] = ungraded_result(question, None)
                results[question.name].outcome = "ungraded"
                results[question.name].blank = False
                results[question.name].notes = [f"{self.unclear[name]}."]

    def _quality(self, questions: list[Question], results: dict[str, QuestionResult]) -> None:
        """Fill in `results` of the quality questions that were not kept, from the artifacts alone:
        a notebook that is missing or cannot be read costs them nothing.
        """
        for question in questions:
            if question.quality is None or question.name in self.kept:
                continue
            result = results[question.name]
            data, why = self.artifacts.find(question.quality.artifact)
            if data is None:
                nothing(question, result, why)
                continue
            result.found, result.blank = "artifact", False
            try:
                with self._sandbox(question.quality.metric) as sandbox:
                    self.expires += sandbox.waited_s
                    slug, secret = self.assignment.slug, self.options.secret
                    grade_quality(sandbox, slug, question, data, secret, result)
            except AutograderError as error:
                self._not_graded([result], error)

    def _sandbox(self, metric: str = "") -> Sandbox:
        from autograder.sandbox.client import Sandbox

        limits = self.assignment.limits
        return Sandbox(
            self.options.root,
            mode=self.options.isolation,
            memory_mb=limits.memory_mb,
            cpu_s=limits.submission_s,
            address=self.options.zygote,
            metric=metric,
        )

    def _checks(self, aligned: AlignedNotebook, results: dict[str, QuestionResult]) -> None:
        """Fill in `results` of the code questions that were not kept.

        A fault of ours leaves those that have no score yet for manual review.
        """
        code = [each for each in self.assignment.in_notebook(aligned.name) if each.has_checks]
        try:
            self._run(aligned, code, results)
        except AutograderError as error:
            self._not_graded([results[question.name] for question in code], error)

    def _not_graded(self, results: list[QuestionResult], error: AutograderError) -> None:
        for result in results:
            if result.score is None:
                result.outcome = "ungraded"
                result.notes.append(
                    "this question needs manual review: the grader itself had a problem"
                )
        self.report.staff_notes.append(f"{error.message} {error.detail}".strip())

    def _run(
        self,
        aligned: AlignedNotebook,
        code: list[Question],
        results: dict[str, QuestionResult],
    ) -> None:
        limits = self.assignment.limits
        with self._sandbox() as sandbox:
            self.expires += sandbox.waited_s  # given back to this notebook and to those that follow
            run = NotebookRun(
                sandbox, aligned.cells, limits, self.expires, self.patience, self.checking
            )
            for question in code:
                result = results[question.name]
                if question.name not in self.kept:
                    slug, secret = self.assignment.slug, self.options.secret
                    grade_question(slug, question, run, secret, result)
                elif result.score != question.points:  # as if it had just been graded
                    run.doubtful.add(question.name)
            self.report.notes += run.notes
            self.report.isolation = sandbox.isolation


def _shown(aligned: AlignedNotebook, results: list[QuestionResult]) -> str:
    """The notebook for formgrader, as JSON."""
    from autograder.align.notebook_json import to_text

    aligned.said = {
        f"test_{each.name}": f"{each.name}: {each.quality.message}\n"
        for each in results
        if each.quality
    }
    return to_text(aligned.to_notebook())


def _too_long(what: str) -> str:
    """Of what the grader cannot read in the time that it has for one submission."""
    return (
        f"reading {what} takes more than {READING_S:g} s of the grader's time. Find out what makes "
        "it so large, and grade it again without that"
    )


def _not_ours(aligned: AlignedNotebook) -> str:
    """What is wrong with a notebook that has none of the course's cells; empty if it has some."""
    ours = [cell for cell in aligned.cells if cell.kind != "own"]
    if any(cell.student is not None for cell in ours):
        return ""
    return (
        f"{aligned.name}.ipynb has none of the assignment's cells. Find out whether another file "
        "was meant"
    )


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
