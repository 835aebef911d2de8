"""What a student's feedback says, as plain data: no markup, no hidden check, nothing for staff.

Everything that a student or a member of staff wrote is cut and cleaned here, and escaped where it
is shown (page.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from autograder.class_run.class_results import StudentResult
from autograder.course.assignment import Assignment
from autograder.intake.hand_in_time import parse_time
from autograder.intake.untrusted_text import clean, printable
from autograder.publish.console import duration
from autograder.publish.csv_files import csv_value
from autograder.publish.standing import SAME, Answered, Standing
from autograder.publish.told import NOT_RUN, not_counted, told
from autograder.report import QuestionResult

MAX_LINE_CHARS = 1000
MAX_LINES = 40
MAX_COMMENT_CHARS = 20_000
MAX_FIRST = 3
VISIBLE_ONLY = (
    "This is what the visible checks of your notebooks say. There are no points yet: the hidden "
    "checks count after the due date, and people mark the written answers."
)


@dataclass(frozen=True)
class QuestionFeedback:
    """One question as its student reads it."""

    name: str
    title: str
    points: str
    """`3 of 5`, `waits for a mark`; empty: no points are shown."""
    lost: float = 0.0
    """Points that are missing; 0 of a question that does not count, and of a bonus question."""
    by_hand: bool = False
    bonus: bool = False
    failed: bool = False
    """Whether `lines` tell of checks that failed."""
    lines: Sequence[str] = ()
    comment: str = ""
    """What a person wrote; may have several lines."""
    note: str = ""
    """Why it does not count."""

    @property
    def with_remarks(self) -> str:
        """`3 of 5, bonus, by hand`; empty: no points are shown."""
        if not self.points:
            return ""
        said = (("bonus", self.bonus), ("by hand", self.by_hand))
        return ", ".join([self.points, *(word for word, holds in said if holds)])


@dataclass(frozen=True)
class Feedback:
    """A student's page. `visible_only`: no points, only what the visible checks say."""

    title: str
    slug: str
    student_id: str
    student_name: str
    facts: Sequence[tuple[str, str]]
    """File, time, group: a label and its text."""
    total: str
    """`70.2 of 82`; empty: no points are shown."""
    sums: Sequence[tuple[str, str]] = ()
    """How the total comes about."""
    first: Sequence[str] = ()
    """What to look at first, a sentence each."""
    notes: Sequence[str] = ()
    notebooks: Mapping[str, Sequence[QuestionFeedback]] = field(default_factory=dict)
    visible_only: bool = False
    choices: Sequence[str] = ()
    """Of how many questions the best ones count, a sentence for each choice."""


def feedback_of(
    standing: Standing, assignment: Assignment, over_limits: Mapping[str, Sequence[str]]
) -> Feedback:
    """A student's feedback after grading. over_limits: by question, sentences on answers that are
    longer than they may be.
    """
    questions = [
        _question(one, over_limits.get(one.question.name, ())) for one in standing.answered
    ]
    notebooks: dict[str, list[QuestionFeedback]] = {}
    for one, shown in zip(standing.answered, questions, strict=True):
        notebooks.setdefault(one.question.notebook, []).append(shown)
    return Feedback(
        title=assignment.title,
        slug=assignment.slug,
        student_id=_line(standing.student.id),
        student_name=_line(standing.student.name),
        facts=facts_of(standing, assignment),
        total=f"{csv_value(standing.total)} of {csv_value(standing.maximum)}"
        if standing.answered
        else "",
        sums=_sums(standing, assignment),
        choices=[_line(f"{one.rule}.") for one in standing.choices],
        first=_first(standing),
        notes=notes_of(standing),
        notebooks=notebooks,
    )


def feedback_before_due(
    standing: Standing, assignment: Assignment, verdicts: Mapping[str, str]
) -> Feedback:
    """A student's feedback before the due date. verdicts: by question, what its visible checks
    say.
    """
    notebooks: dict[str, list[QuestionFeedback]] = {}
    for question in standing.report.questions:
        if (said := verdicts.get(question.name)) is not None:
            notebooks.setdefault(question.notebook, []).append(
                QuestionFeedback(question.name, question.title, "", lines=[_line(said)])
            )
    return Feedback(
        title=assignment.title,
        slug=assignment.slug,
        student_id=_line(standing.student.id),
        student_name=_line(standing.student.name),
        facts=facts_of(standing, assignment),
        total="",
        notes=notes_of(standing),
        notebooks=notebooks,
        visible_only=True,
    )


def facts_of(standing: Standing, assignment: Assignment) -> list[tuple[str, str]]:
    """Which file, when, for whom; of an assignment with parts for each of them."""
    student = standing.student
    if not student.parts:
        return _facts(student)
    facts = []
    for name, part in assignment.parts.items():
        if one := student.parts.get(name):
            facts += [(f"{part.title}: {label.lower()}", text) for label, text in _facts(one)]
        else:
            facts.append((f"{part.title}: file", f"not handed in; due {_minute(part.due)}"))
    return facts


def _minute(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _was_due(student: StudentResult) -> str:
    """Of a late file, with extensions and the date of its part."""
    time = parse_time(student.handed_in)
    return f" (due {_minute(time - timedelta(seconds=student.late_s))})" if time else ""


def _facts(student: StudentResult) -> list[tuple[str, str]]:
    facts = [("File", _line(student.file))]
    if student.handed_in:
        facts.append(("Handed in", f"{student.handed_in.replace('T', ' ').rstrip('Z')} UTC"))
    if student.late_s:
        facts.append(("Late by", f"{duration(student.late_s)}{_was_due(student)}"))
    elif student.late and parse_time(student.handed_in) is None:
        facts.append(("Late", "yes, according to the learning platform"))
    if student.handed_in_by:
        facts.append(("Handed in by", f"{_line(student.handed_in_by)}, for the group"))
    if student.others:
        names = ", ".join(_line(one.file) for one in student.others[:10])
        facts.append(("Other files of yours, which do not count", names))
    return facts


def notes_of(standing: Standing) -> list[str]:
    """What the reader should know about the whole submission."""
    report = standing.report
    message = [report.message] if report.message else []
    return [_line(note) for note in [*message, *report.notes][:MAX_LINES]]


def _question(one: Answered, over_limits: Sequence[str]) -> QuestionFeedback:
    question, mark = one.question, one.mark
    lines = [*_lines(question), *over_limits]
    if one.by_hand and question.autograded and question.score is not None and not question.bonus:
        lines.append(f"The checks gave {csv_value(question.score)} points.")
    extra = mark.extra_credit or 0.0
    if extra and not question.bonus and not one.waits:
        lines.append(f"{csv_value(extra)} points of extra credit are included.")
    return QuestionFeedback(
        name=question.name,
        title=question.title,
        points=_points(one),
        lost=_lost(one),
        by_hand=one.by_hand,
        bonus=question.bonus,
        failed=_failed(question),
        lines=[_line(line) for line in lines[:MAX_LINES]],
        comment=printable(mark.comment[:MAX_COMMENT_CHARS]).strip(),
        note=_line(not_counted(one.beyond, blank=question.blank)) if one.beyond else "",
    )


def _lost(one: Answered) -> float:
    """Points that are missing, of a question that counts."""
    if one.question.bonus or one.score is None or one.beyond is not None:
        return 0.0
    return max(0.0, one.question.points - one.score)


def _points(one: Answered) -> str:
    points = csv_value(one.question.points)
    if one.score is None:
        return f"waits for a mark, at most {points}"
    if one.beyond is None:
        return f"{csv_value(one.score)} of {points}"
    return f"{csv_value(one.score)} of {points}, not counted" if one.score else "not counted"


def _lines(question: QuestionResult) -> list[str]:
    if question.blank and question.kind != "quality":
        return ["No answer.", *question.notes]
    return told(question)


def _sums(standing: Standing, assignment: Assignment) -> list[tuple[str, str]]:
    """How the total comes about; nothing where there is only one number."""
    bonus = sum(one.score or 0.0 for one in standing.answered if one.question.bonus)
    sums = []
    for name, part in assignment.parts.items() if standing.student.parts else ():
        if name in standing.absent:
            sums.append((part.title, f"0 of {csv_value(standing.absent[name])}"))
            continue
        one = standing.of_part(name)
        share = csv_value(100 * one.student.late_penalty)
        late = f", {share}% lost because it was late" if one.lost else ""
        sums.append((part.title, f"{csv_value(one.total)} of {csv_value(one.maximum)}{late}"))
    if bonus:
        sums.append(("Bonus points, included", csv_value(bonus)))
    if standing.lost:
        sums.append(("Points earned", csv_value(standing.earned)))
        share = f" ({csv_value(100 * standing.student.late_penalty)}%)"
        which = " in part" if standing.student.parts else share
        sums.append((f"Lost because it was late{which}", csv_value(standing.lost)))
    if standing.waiting:
        sums.append(
            (
                "Questions that wait for a mark, not included",
                f"{len(standing.waiting)} ({csv_value(standing.still_to_come)} points)",
            )
        )
    return sums


def _first(standing: Standing) -> list[str]:
    """What to look at first: cells that could not be run, answers that are missing, then where most
    points were lost.
    """
    lost = [(one, _lost(one)) for one in standing.answered]
    ranked = sorted(
        ((_rank(one.question), -points, one) for one, points in lost if points > SAME),
        key=lambda entry: entry[:2],
    )
    return [_line(_reason(one)) for _, _, one in ranked[:MAX_FIRST]]


def _rank(question: QuestionResult) -> int:
    if any(NOT_RUN in note for note in question.notes):
        return 0
    if question.blank:
        return 1
    return 2 if any(check.spoils and check.outcome == "failed" for check in question.checks) else 3


def _reason(one: Answered) -> str:
    """One sentence on a question that lost points."""
    where = f"{one.question.title} ({one.question.name}, {_points(one)})"
    if one.mark.comment and one.by_hand:
        return f"{where}: see the comment"
    said = _lines(one.question)
    if not said:
        return where
    heading = "not yet: " if _failed(one.question) else ""
    return f"{where}: {heading}{said[0]}"


def _failed(question: QuestionResult) -> bool:
    return not question.blank and any(check.outcome == "failed" for check in question.checks)


def _line(text: str) -> str:
    return clean(text, MAX_LINE_CHARS)
