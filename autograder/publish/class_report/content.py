"""What the class report says, as plain data: no markup. Everything that a stranger wrote is cut and
cleaned here, and escaped where it is shown (page.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.class_run.class_results import ClassResults
from autograder.course.assignment import Assignment
from autograder.intake.untrusted_text import clean
from autograder.publish.class_report.class_statistics import (
    Bar,
    CheckStatistics,
    Spread,
    histogram,
    spread,
)
from autograder.publish.class_report.explained import (
    Explainer,
    Group,
    QuestionMisconceptions,
    likely_for_check,
)
from autograder.publish.class_report.questions import (
    QuestionStatistics,
    Student,
    question_statistics,
    student_of,
)
from autograder.publish.console import late
from autograder.publish.csv_files import csv_value
from autograder.publish.standing import ClassStandings, Standing

MAX_NAME_CHARS = 120
MAX_TEXT_CHARS = 500
MAX_SLOWEST = 10
MAX_COMMON = 20
TIMEOUT = "StudentError: Timeout"
"""How the text for staff begins where a call was stopped."""


@dataclass(frozen=True)
class Who:
    """A student as the page shows them."""

    id: str
    name: str


@dataclass(frozen=True)
class Scores:
    """Points of the students for whom they are known, of at most `maximum`."""

    label: str
    explanation: str
    maximum: float
    spread: Spread | None
    bars: list[Bar]


@dataclass(frozen=True)
class FailingCheck:
    """A hidden check, with the misconception that most of those who fail it are named with."""

    question: str
    check: CheckStatistics
    misconception: str
    n_misconception: int


@dataclass(frozen=True)
class Problem:
    """Something that went wrong while a submission was graded."""

    who: Who
    question: str
    kind: str
    what: str


@dataclass(frozen=True)
class Waiting:
    """Who waits, for whom, and why."""

    who: Who
    file: str
    for_whom: str
    why: str


@dataclass(frozen=True)
class StudentRow:
    """One line of the class list. None: not known (yet)."""

    who: Who
    group: str
    status: str
    auto: float | None = None
    bonus: float | None = None
    total: float | None = None
    late: str = ""
    to_mark: int = 0
    n_failed: int = 0
    """Questions that lost points to hidden checks."""
    seconds: float | None = None
    file: str = ""


@dataclass(frozen=True)
class ClassReport:
    """The whole page."""

    slug: str
    title: str
    graded_until: str
    due: str
    with_roster: bool
    with_marks: bool
    counts: dict[str, int]
    scores: list[Scores]
    questions: list[QuestionStatistics]
    failing: list[FailingCheck]
    misconceptions: list[QuestionMisconceptions]
    seconds: Spread | None
    slowest: list[tuple[Who, float]]
    problems: list[Problem]
    waiting: list[Waiting]
    students: list[StudentRow]
    parts: dict[str, str] = field(default_factory=dict)
    """When each part is due; `due` is empty then."""
    choices: list[str] = field(default_factory=list)
    """Of how many questions the best ones count, a sentence for each choice."""
    missing_patterns: list[str] = field(default_factory=list)
    """Questions for which no misconception can be named yet."""
    notes: list[str] = field(default_factory=list)

    @property
    def failing_titles(self) -> list[tuple[FailingCheck, int]]:
        """Of the failing cases of each check the one that most fail, and how many there are."""
        cases: dict[tuple[str, str], list[FailingCheck]] = {}
        for one in self.failing:
            cases.setdefault((one.question, one.check.title), []).append(one)
        return [(found[0], len(found)) for found in cases.values()]

    @property
    def common(self) -> list[tuple[str, Group]]:
        """The misconceptions that most students are named with, each with its question."""
        found = [(one.name, group) for one in self.misconceptions for group in one.named]
        return sorted(found, key=lambda one: -len(one[1].students))[:MAX_COMMON]


def class_report(
    found: ClassStandings,
    assignment: Assignment,
    root: Path,
    *,
    with_marks: bool,
    notes: Sequence[str] = (),
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> ClassReport:
    """What there is to say about a class. Raises as `Explainer` does."""
    results, standings = found.results, found.standings
    students = [one for one in map(student_of, standings) if one is not None]
    names = [name for name in assignment.questions if any(name in one.answers for one in students)]
    explainer = Explainer(root, assignment, students)
    questions, misconceptions = [], []
    if expect:
        expect(len(names))
    for name in names:
        questions.append(question_statistics(students, name))
        if explained := explainer.explain(name):
            misconceptions.append(explained)
        if progress:
            progress()
    files = _one_each(standings)
    seconds = [one.report.seconds for one in files if one.report.status != "rejected"]
    return ClassReport(
        slug=assignment.slug,
        title=assignment.title,
        graded_until=max((one.report.graded_at for one in standings), default=""),
        due="" if results.parts else results.due,
        parts=results.parts,
        with_roster=results.with_roster,
        with_marks=with_marks,
        counts=_counts(results),
        scores=_scores(students, assignment, with_marks),
        questions=questions,
        failing=_failing(questions, misconceptions),
        misconceptions=misconceptions,
        seconds=spread(seconds),
        slowest=_slowest(files),
        problems=[problem for one in files for problem in _problems(one)],
        waiting=_waiting(results, standings),
        students=[
            *(_row(one, with_marks) for one in standings),
            *(
                StudentRow(_who(one.id, one.name), _short(one.group), "missing")
                for one in results.without_submission
            ),
        ],
        choices=[clean(one.rule, MAX_TEXT_CHARS) for one in assignment.choices],
        missing_patterns=explainer.missing,
        notes=[clean(one, MAX_TEXT_CHARS) for one in notes],
    )


def _one_each(standings: Sequence[Standing]) -> list[Standing]:
    """One for each file, which may count for a group: that of whoever handed it in."""
    files: dict[tuple[str, ...], Standing] = {}
    for one in standings:
        folders = tuple(one.student.folders)
        if not one.student.handed_in_by or folders not in files:
            files[folders] = one
    return list(files.values())


def _counts(results: ClassResults) -> dict[str, int]:
    """How many students, and files that nobody could be given, by what became of them."""
    by_status = Counter(one.status for one in results.students)
    return {
        "graded": by_status["graded"],
        "to review": by_status["ungraded"]
        + sum(one.folder not in results.counting for one in results.waiting),
        "rejected": by_status["rejected"],
        "missing": len(results.without_submission),
    }


def _scores(students: Sequence[Student], assignment: Assignment, with_marks: bool) -> list[Scores]:
    graded = [one.standing for one in students if one.standing.student.status == "graded"]
    auto_max = assignment.most_points(
        one for one in assignment.questions.values() if one.autograded
    )
    auto = [one.student.totals.auto for one in graded]
    absent = "; a part that was not handed in has 0 points" if assignment.parts else ""
    found = [
        Scores(
            "Automatic points",
            f"code and quality questions, without bonus points; of every graded submission{absent}",
            auto_max,
            spread(auto),
            histogram(auto, auto_max),
        )
    ]
    if with_marks:
        done = [one for one in graded if all(each.question.bonus for each in one.waiting)]
        totals = [one.total for one in done]
        found.append(
            Scores(
                "All points",
                "with what people gave, bonus points and the late penalty; of the submissions in "
                "which nothing waits for a mark",
                assignment.max_points,
                spread(totals),
                histogram(totals, assignment.max_points),
            )
        )
    return found


def _failing(
    questions: Sequence[QuestionStatistics], misconceptions: Sequence[QuestionMisconceptions]
) -> list[FailingCheck]:
    """Every check that somebody fails, those that most fail first."""
    by_name = {one.name: one for one in misconceptions}
    found = [
        FailingCheck(one.name, check, *likely_for_check(by_name.get(one.name), check.name))
        for one in questions
        for check in one.checks
        if check.n_failed
    ]
    return sorted(found, key=lambda one: (-one.check.n_failed, -one.check.share))


def _slowest(standings: Sequence[Standing]) -> list[tuple[Who, float]]:
    ranked = sorted(standings, key=lambda one: (-one.report.seconds, one.student.id))
    return [
        (_who_is(one), one.report.seconds) for one in ranked[:MAX_SLOWEST] if one.report.seconds
    ]


def _problems(standing: Standing) -> list[Problem]:
    who = _who_is(standing)
    found = []
    for one in (standing.student, *standing.student.parts.values()):
        if one.status == "rejected" and not one.parts:
            found.append(Problem(who, "", "rejected", _text(one.message)))
    found += [Problem(who, "", "our side", _text(note)) for note in standing.report.staff_notes]
    for question in standing.report.questions:
        lost = [check for check in question.checks if check.lost_worker]
        found += [
            Problem(
                who,
                question.name,
                "time limit" if check.staff.startswith(TIMEOUT) else "lost worker",
                _text(f"{check.title}: {check.message}"),
            )
            for check in lost
        ]
        if question.outcome == "ungraded":
            why = next((one.staff for one in question.checks if one.outcome == "ungraded"), "")
            found.append(Problem(who, question.name, "not graded", _text(why or "see its report")))
        found += [Problem(who, question.name, "cell", _text(note)) for note in question.notes]
    return found


def _waiting(results: ClassResults, standings: Sequence[Standing]) -> list[Waiting]:
    """Who waits for a decision, for marks (without those that the gradebook has), and who has
    handed nothing in.
    """
    counts_for = results.counting
    found = []
    for one in results.waiting:
        student = counts_for.get(one.folder)
        who = _who(student.id, student.name) if student else _who(one.claimed_id, one.name)
        found.append(Waiting(who, _short(one.file), "staff: manual review", _text(one.why)))
    for standing in standings:
        student, who = standing.student, _who_is(standing)
        if n := _to_mark(standing):
            most = standing.still_to_come if standing.answered else student.to_mark_points
            points = f"{n} {'question' if n == 1 else 'questions'}, {csv_value(most)} points"
            found.append(Waiting(who, _short(student.file), "teaching assistant: marks", points))
        if student.look_at:
            why = _text(student.look_at)
            found.append(Waiting(who, _short(student.file), "staff: a look at it", why))
    found += [
        Waiting(_who(one.id, one.name), "", "the student", f"has not handed in the part {part}")
        for one in results.students
        for part in results.parts
        if part not in one.parts
    ]
    found += [
        Waiting(_who(one.id, one.name), "", "the student", "has handed nothing in")
        for one in results.without_submission
    ]
    return found


def _to_mark(standing: Standing) -> int:
    """Questions that wait for a mark."""
    return len(standing.waiting) if standing.answered else standing.student.to_mark


def _row(standing: Standing, with_marks: bool) -> StudentRow:
    student, report = standing.student, standing.report
    opened = bool(report.questions)
    failed = [
        one
        for one in report.questions
        if any(check.outcome == "failed" for check in one.checks) and not one.blank
    ]
    return StudentRow(
        who=_who_is(standing),
        group=_short(student.group),
        status=student.status,
        auto=student.totals.auto if opened else None,
        bonus=student.totals.bonus if opened else None,
        total=standing.total if with_marks and standing.answered else None,
        late=late(student),
        to_mark=_to_mark(standing),
        n_failed=len(failed),
        seconds=report.seconds,
        file=_short(student.file),
    )


def _who_is(standing: Standing) -> Who:
    return _who(standing.student.id, standing.student.name)


def _who(student_id: str, name: str) -> Who:
    return Who(_short(student_id), _short(name))


def _short(text: str) -> str:
    return clean(text, MAX_NAME_CHARS)


def _text(text: str) -> str:
    return clean(text, MAX_TEXT_CHARS)
