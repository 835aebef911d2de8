"""The report of one submission: the source of truth that gradebook, feedback and tables are made
from.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from autograder.course.assignment import AUTOGRADED, Kind
from autograder.course.points import add_points, left_out
from autograder.errors import AutograderError, UsageError

if TYPE_CHECKING:
    from autograder.course.points import Choice

SCHEMA = 4

Outcome = Literal["passed", "failed", "ungraded"]
NOT_YET = "this is judged once the result is right"
"""The message of a check that looks for a fault of its own, which a wrong result hides."""


class Check(msgspec.Struct, kw_only=True):
    """One hidden check. `title` and `message` may be shown to the student; `staff` never."""

    name: str
    title: str
    weight: float
    """What it counts of its question, 1 in all."""
    aspect: str = ""
    spoils: bool = False
    """Whether a mistake that it finds costs half of the points at least."""
    outcome: Outcome
    message: str = ""
    """What the student's own code raised, with their own line, or returned that no check takes."""
    staff: str = ""
    lost_worker: bool = False
    """The student's process hung or ended in this check, and the next one got a fresh process."""
    seconds: float = 0.0


class QualityResult(msgspec.Struct, kw_only=True):
    """What a quality question's artifact was measured to be. Everything may be shown to the
    student.
    """

    artifact: str
    metric: str
    full: float
    half: float
    value: float | None = None
    """None: it could not be measured; `message` explains why."""
    met: Literal["full", "half", "none"] = "none"
    message: str = ""
    """A sentence for the student."""
    details: dict[str, float] = {}
    """Other numbers of the metric."""


class QuestionResult(msgspec.Struct, kw_only=True):
    """One question. `score` is None while a person has to grade it; bonus points are never in
    `max_points` of the totals.
    """

    name: str
    title: str
    notebook: str
    kind: Kind
    points: float
    bonus: bool = False
    score: float | None = None
    outcome: Literal["graded", "manual", "ungraded"] = "manual"
    found: str = ""
    """How the answer cell was found: by grade_id, marker, cell_id, name, or place (a text right
    after its question). Of a quality question: artifact. Else missing.
    """
    blank: bool = False
    checks: list[Check] = []
    quality: QualityResult | None = None
    notes: list[str] = []
    counts: bool = True
    """False: it is beyond the best questions of a choice, by the automatic scores, and not in the
    totals."""
    suite_sha256: str = ""
    """Digest of what decides this question's score alone (autograder/grading/digests.py)."""

    @property
    def autograded(self) -> bool:
        """Whether nobody has to mark it."""
        return self.kind in AUTOGRADED


class Student(msgspec.Struct, kw_only=True):
    """Who handed it in, as the manifest (or, without one, the file name) says.

    Untrusted text, already cut and cleaned. A claim: for whom it counts, with those of the whole
    class and the roster in view, is in `class.json` (autograder/class_run/class_results.py).
    """

    id: str
    name: str = ""
    collaborators: str | None = None
    declared: bool | None = None
    claimed_id: str = ""
    """The id as the manifest has it; `id` is what of it can name a folder. Empty: no manifest."""
    contradictions: list[str] = []
    """Fields of the naming template in which the file's name tells of somebody else."""
    group: list[Member] = []
    """The other members of the group, by the manifest."""


class Member(msgspec.Struct, kw_only=True):
    """Somebody for whom a file counts as well: a member of the group that handed it in."""

    id: str = ""
    name: str = ""
    email: str = ""


Platform = Literal["canvas", "moodle", "blackboard", "brightspace", "gradescope"]


class Sender(msgspec.Struct, kw_only=True):
    """Who uploaded a file and when, as a learning platform's download tells (by the names of files
    and folders, or a file of metadata). Text is cut and cleaned; empty: not told.
    """

    platform: Platform
    file: str = ""
    """The file's name as the student chose it, without what the platform added."""
    name: str = ""
    """The person's name; of Canvas `lovelaceada`."""
    id: str = ""
    """An id that the course may know: Blackboard's user name, Gradescope's SID."""
    email: str = ""
    account: str = ""
    """The platform's own number for the person."""
    time: str = ""
    """UTC, `2026-12-15T22:10:00Z`; without the `Z` where the platform names no zone."""
    late: bool = False
    """The platform itself marked it as late."""
    group: list[Member] = []
    """The members of the group, if the platform lists them."""


class HandedIn(msgspec.Struct, kw_only=True):
    """When a file was handed in, as the file itself tells."""

    time: str
    """UTC, `2026-12-15T22:10:00Z`."""
    source: Literal["platform", "manifest"]
    """platform: the name that a learning platform gave it. manifest: what the student's own
    computer wrote when the archive was made."""


class Totals(msgspec.Struct, kw_only=True):
    """Points: `auto` of `auto_max` by the hidden checks and the quality questions, `manual_max`
    waiting for manual marks, `bonus` earned on top.
    """

    auto: float = 0.0
    auto_max: float = 0.0
    manual_max: float = 0.0
    bonus: float = 0.0


class Report(msgspec.Struct, kw_only=True):
    """Everything about one graded (or rejected) submission."""

    schema: int = SCHEMA
    assignment: str
    file: str
    sha256: str
    grader_sha256: str = ""
    """Digest of what decides every score of the assignment: the grader, the release, limits
    (autograder/grading/digests.py).
    """
    notebooks: dict[str, str] = {}
    """SHA-256 of each notebook that is kept beside the report for the gradebook, by name without
    `.ipynb`.
    """
    parts: list[str] = []
    """Of an assignment with parts those that the file hands in; empty as well where it could not be
    opened. `questions` has theirs alone.
    """
    status: Literal["graded", "rejected", "ungraded"]
    """graded: every code and quality question has a score. rejected: the file could not be graded.
    ungraded: something waits for staff.
    """
    message: str = ""
    student: Student
    sender: Sender | None = None
    """Who uploaded it, by the learning platform; None: the file does not come from one."""
    handed_in: HandedIn | None = None
    """None: nobody said. Never the time of grading."""
    isolation: str = ""
    totals: Totals = msgspec.field(default_factory=Totals)
    questions: list[QuestionResult] = []
    notes: list[str] = []
    staff_notes: list[str] = []
    """What went wrong on our side; never for students."""
    seconds: float = 0.0
    graded_at: str = ""


def add_up(questions: list[QuestionResult], choices: Collection[Choice] = ()) -> Totals:
    """Totals of a submission's questions; what is bonus goes to `bonus` alone. Sets `counts` of
    each question, by the choices of the assignment.

    Full marks are exactly the maximum, whatever the questions' points are: both are added up in the
    same way.
    """
    usual = [question for question in questions if not question.bonus]
    graded = [question for question in usual if question.autograded]
    scores = {question.name: question.score for question in graded}
    out = left_out(choices, scores, {question.name for question in graded if question.blank})
    for question in questions:
        question.counts = question.name not in out
    return Totals(
        auto=add_points(question.score or 0.0 for question in graded if question.counts),
        auto_max=_most(choices, graded),
        manual_max=_most(choices, [question for question in usual if not question.autograded]),
        bonus=add_points(question.score or 0.0 for question in questions if question.bonus),
    )


def _most(choices: Collection[Choice], questions: list[QuestionResult]) -> float:
    out = left_out(choices, {question.name: question.points for question in questions})
    return add_points(question.points for question in questions if question.name not in out)


def to_json(report: Report | list[Report]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def read(file: Path) -> Report:
    """Read a report. Raises OSError, or msgspec.MsgspecError when the file holds none or one of
    another schema.
    """
    return _of_this_schema(msgspec.json.decode(file.read_bytes(), type=Report))


def _of_this_schema(report: Report) -> Report:
    if report.schema != SCHEMA:
        raise msgspec.ValidationError(
            f"schema {report.schema}, this grader writes {SCHEMA}: grade again"
        )
    return report


def _read_list(data: bytes) -> list[Report]:
    return [_of_this_schema(report) for report in msgspec.json.decode(data, type=list[Report])]


def read_all(paths: list[Path]) -> list[Report]:
    """The reports in files (a report, or a list of them) and in folders (every `report.json`
    below), in the order given.

    Raises UsageError for a path without any, AutograderError that names the file that holds no
    report.
    """
    from autograder.intake.untrusted_text import shown  # intake imports this module

    reports: list[Report] = []
    for path in paths:
        files = sorted(path.rglob("report.json")) if path.is_dir() else [path]
        if not files:
            raise UsageError(f"there is no report.json in {shown(path)}")
        if not path.exists():
            raise UsageError(f"there is no file or folder {shown(path)}")
        for file in files:
            try:
                data = file.read_bytes()
                reports += _read_list(data) if data.lstrip().startswith(b"[") else [read(file)]
            except (OSError, msgspec.MsgspecError) as error:
                raise AutograderError(
                    f"{shown(file)} is not a report: {shown(str(error))}"
                ) from error
    return reports
