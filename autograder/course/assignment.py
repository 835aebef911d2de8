"""An assignment as its `assignment.toml` describes it, and where its files lie in the course."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from dgm.quality.metrics import problem_of_question

from autograder.course.course_text import read_text
from autograder.course.parts import Part, problem_of_parts
from autograder.course.points import NAME, Choice, add_counted, problem_of_choices
from autograder.errors import CourseError, UsageError

Kind = Literal["code", "quality", "theory", "experiment"]
AUTOGRADED: tuple[Kind, ...] = ("code", "quality")
"""The kinds that nobody has to mark."""

MAX_PAGES = 50
MAX_GROUP = 20
"""Members of a group."""

SYLLABUS = "assignments/syllabus.toml"
"""What a course's folder is known by."""
NO_COURSE = (
    "Run the command in a course's folder, set AUTOGRADER_COURSE to one, or make one "
    "with `autograder init DIR`."
)


TimeSource = Literal["platform", "timestamp.txt", "manifest", "roster"]
"""Where a time of handing in comes from: the name that a learning platform gave the file, what
staff or nbgrader put in `submitted/<student>/<slug>/timestamp.txt`, the student's own manifest, or
the roster's column `handed_in`."""


class Limits(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What one submission may use while it is graded (seconds, MiB)."""

    cell_s: float = 60.0
    call_s: float = 20.0
    submission_s: float = 900.0
    hung_s: float = 60.0
    """Lost to calls that never come back; the questions that are left then need manual review."""
    memory_mb: int = 2048


class LatePolicy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a late submission loses: a share of its points for each day begun after the due date."""

    grace_s: float = 0.0
    """Seconds after the due date in which nothing is lost."""
    lost_per_day: float = 0.0
    """Between 0 and 1."""
    most_days: int = 0
    """Days after which a submission is worth nothing; 0: it never is."""

    def share_lost(self, late_s: float) -> float:
        """The share of the points that a submission loses: 0 to 1."""
        if late_s <= self.grace_s:
            return 0.0
        days = math.ceil(late_s / 86400)
        if self.most_days and days > self.most_days:
            return 1.0
        return min(1.0, round(days * self.lost_per_day, 6))


class Gradescope(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the assignment behaves on Gradescope (docs/gradescope.md)."""

    hidden: Literal["visible", "after_due_date", "after_published", "hidden"] = "after_due_date"
    """When students see the results of the hidden checks, and with them their score."""
    leaderboard: bool = False
    """Whether the values of quality questions are on the leaderboard."""


class Quality(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a quality question measures: a metric of `dgm.quality` on an artifact, with the
    thresholds for full and for half marks. Every other key of its table is an option of the metric.
    """

    artifact: str
    metric: str
    full: float
    half: float
    options: dict[str, str | int | float | bool] = {}


class Question(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One question: what it is worth and how it is graded."""

    title: str
    notebook: str
    kind: Kind
    points: float
    covers: list[str]
    uses: list[str] = []
    bonus: bool = False
    words: int = 0
    sentences: int = 0
    pages: int = 0
    """Of the PDF, exactly (Gradescope's fixed-length templates); 0: as many as it takes."""
    quality: Quality | None = None
    """Of a quality question; None of every other one."""
    name: str = ""

    @property
    def has_checks(self) -> bool:
        """Whether a suite of hidden checks grades it."""
        return self.kind == "code"

    @property
    def autograded(self) -> bool:
        """Whether nobody has to mark it."""
        return self.kind in AUTOGRADED


class Assignment(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Title, due date, limits and questions of one assignment, in the order in which they were
    written.
    """

    slug: str
    title: str
    questions: dict[str, Question]
    due: datetime | None = None
    """With its zone: `2026-12-15T23:59:00Z`. Of an assignment with parts the last of theirs."""
    parts: dict[str, Part] = {}
    """Notebooks that are handed in by themselves, each with a due date (docs/handins.md)."""
    time_zone: str = ""
    """Of the times that a learning platform writes without a zone: `Europe/Berlin`."""
    extensions: dict[str, datetime] = {}
    """Due dates of students (by id) and of groups (by name), with their zone."""
    late_policy: LatePolicy = LatePolicy()
    group_size: int = 1
    """How many may hand in one copy together. Where it is more than 1, `collect_submission.sh` asks
    for the ids of the others."""
    late_attempts_count: bool = False
    """Whether an attempt after the due date takes the place of one before it."""
    hand_in_times: tuple[TimeSource, ...] = ("platform", "timestamp.txt", "manifest", "roster")
    """Whose word on the time of handing in is taken, the most trusted first."""
    archive_name: str = "{name}_{slug}.zip"
    artifacts: list[str] = []
    kit_without: list[str] = []
    """Files of the helper package that the kit leaves out, since they answer a question."""
    limits: Limits = Limits()
    gradescope: Gradescope = Gradescope()
    choose: dict[str, Choice] = {}
    """Questions of which only the best few count."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(self.choose.values())

    @property
    def notebooks(self) -> list[str]:
        """Names of the notebooks, without `.ipynb`, in the order of their questions."""
        return list(dict.fromkeys(question.notebook for question in self.questions.values()))

    def in_notebook(self, notebook: str) -> list[Question]:
        return [question for question in self.questions.values() if question.notebook == notebook]

    def with_checks(self, only: str | None = None) -> list[Question]:
        """The questions that hidden checks grade; if one is named, that one alone (none if it is
        of another kind).
        """
        return [
            question
            for question in self.questions.values()
            if question.has_checks and only in (None, question.name)
        ]

    @property
    def max_points(self) -> float:
        return self.most_points(self.questions.values())

    def most_points(self, questions: Iterable[Question]) -> float:
        """What a student can earn with these questions, bonus left out."""
        return add_counted(
            self.choices, {each.name: each.points for each in questions if not each.bonus}
        )


def course_root() -> Path:
    """The course's folder: `$AUTOGRADER_COURSE`, else the nearest one upwards with `assignments/`.

    A course is known by its `assignments/syllabus.toml`. Raises UsageError when there is none.
    """
    if given := os.environ.get("AUTOGRADER_COURSE"):
        if not (Path(given) / SYLLABUS).is_file():
            raise UsageError(
                f"AUTOGRADER_COURSE is {given!r}, which is not a course: it has no {SYLLABUS}. "
                f"{NO_COURSE}"
            )
        return Path(given).resolve()
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / SYLLABUS).is_file():
            return folder
    raise UsageError(
        f"{Path.cwd()} is not in a course: neither it nor a folder above it has {SYLLABUS}. "
        f"{NO_COURSE}"
    )


def suites_folder(root: Path) -> Path:
    """Where the course keeps its hidden suites: `suites/`, or in our own checkout
    `autograder/suites/`.
    """
    return root / "suites" if (root / "suites").is_dir() else root / "autograder" / "suites"


def slugs(root: Path | None = None) -> list[str]:
    """Every assignment of the course, by the folders that hold an `assignment.toml`."""
    return sorted(
        file.parent.name
        for file in ((root or course_root()) / "assignments").glob("*/assignment.toml")
    )


def labs(slug: str, root: Path | None = None) -> list[str]:
    """The assignment's notebooks that hold code, in their order. Raises CourseError as
    `load` does.
    """
    root = root or course_root()
    return [
        name
        for name in load(slug, root).notebooks
        if (root / "assignments" / slug / f"{name}.py").is_file()
    ]


def load(slug: str, root: Path | None = None) -> Assignment:
    """Read `assignments/<slug>/assignment.toml`.

    Raises UsageError when there is none, CourseError that names the file and what is wrong in it.
    """
    root = root or course_root()
    file = root / "assignments" / slug / "assignment.toml"
    if not file.is_file():
        known = ", ".join(slugs(root)) or "none"
        raise UsageError(
            f"there is no assignment {slug!r}: {file} is missing (assignments here: {known})"
        )
    try:
        raw = tomllib.loads(read_text(file))
        if isinstance(questions := raw.get("questions"), dict):
            raw["questions"] = {name: _question(questions[name], name, file) for name in questions}
        if isinstance(choices := raw.get("choose"), dict):
            raw["choose"] = {name: _choice(choices[name], name, file) for name in choices}
        assignment = msgspec.convert(raw, Assignment)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CourseError(f"{file}: {error}") from error
    _check(assignment, slug, file)
    if assignment.parts:
        last = max(part.due for part in assignment.parts.values())
        return msgspec.structs.replace(assignment, due=last)
    return assignment


def _question(table: Any, name: str, file: Path) -> Question:
    """Raises CourseError that names the question: msgspec's path has `[...]` for it."""
    if not isinstance(table, dict):
        raise CourseError(f"{file}: question {name}: it is a table, [questions.{name}]")
    try:
        return msgspec.convert(_with_options(table) | {"name": name}, Question)
    except msgspec.ValidationError as error:
        raise CourseError(f"{file}: question {name}: {error}") from error


def _choice(table: Any, name: str, file: Path) -> Choice:
    """Raises CourseError that names the choice."""
    if not isinstance(table, dict):
        raise CourseError(f"{file}: choose.{name} must be a table, [choose.{name}]")
    try:
        return msgspec.convert(table | {"name": name}, Choice)
    except msgspec.ValidationError as error:
        raise CourseError(f"{file}: [choose.{name}]: {error}") from error


def _with_options(question: dict[str, Any]) -> dict[str, Any]:
    """A question's table, with what its quality table says beyond our own fields as `options`."""
    quality = question.get("quality")
    if not isinstance(quality, dict):
        return question
    ours = set(Quality.__struct_fields__) - {"options"}
    options = {key: value for key, value in quality.items() if key not in ours}
    return question | {
        "quality": {key: quality[key] for key in quality if key in ours} | {"options": options}
    }


def _check(assignment: Assignment, slug: str, file: Path) -> None:
    if assignment.slug != slug:
        raise CourseError(f"{file}: slug is {assignment.slug!r}, but the folder is {slug!r}")
    if assignment.due is not None and assignment.due.tzinfo is None:
        written = f"{assignment.due.isoformat()}Z"
        raise CourseError(f"{file}: due has no time zone. Write due = {written}, which is in UTC")
    if assignment.parts and assignment.due is not None:
        raise CourseError(f"{file}: due: each part has its own. Take out the assignment's")
    if problem := problem_of_parts(assignment.parts, assignment.notebooks, slug):
        raise CourseError(f"{file}: {problem}")
    for name in assignment.parts:
        for other in (name, f"{slug}_{name}"):
            if (file.parent.parent / other / file.name).is_file():
                raise CourseError(
                    f"{file}: part {name}: its archives would look like those of the assignment "
                    f"{other}. Choose another name"
                )
    for who, due in assignment.extensions.items():
        if due.tzinfo is None:
            raise CourseError(
                f"{file}: the extension of {who!r} has no time zone. Write {due.isoformat()}Z, "
                "which is in UTC"
            )
    if assignment.time_zone:
        try:
            ZoneInfo(assignment.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise CourseError(
                f"{file}: time_zone {assignment.time_zone!r} is not known. Write one like "
                "Europe/Berlin"
            ) from error
    policy = assignment.late_policy
    if not (0 <= policy.lost_per_day <= 1 and policy.grace_s >= 0 and policy.most_days >= 0):
        raise CourseError(
            f"{file}: late_policy: lost_per_day is a share of 0 to 1, grace_s and most_days are 0 "
            "or more"
        )
    if not 1 <= assignment.group_size <= MAX_GROUP:
        raise CourseError(
            f"{file}: group_size is {assignment.group_size}; it is between 1 (everybody alone) and "
            f"{MAX_GROUP}"
        )
    for name, limit in msgspec.structs.asdict(assignment.limits).items():
        if not 0 < limit < math.inf:
            raise CourseError(
                f"{file}: limits.{name} is {limit}; it must be more than 0, and finite"
            )
    for name, question in assignment.questions.items():
        if not NAME.match(name):
            raise CourseError(f"{file}: question name {name!r} must match [a-z][a-z0-9_]*")
        for field in ("points", "words", "sentences"):
            if not 0 <= getattr(question, field) < math.inf:
                raise CourseError(
                    f"{file}: question {name} has {field} = {getattr(question, field)}; it must "
                    "be 0 or more, and finite"
                )
        if not 0 <= question.pages <= MAX_PAGES:
            raise CourseError(
                f"{file}: question {name} has pages = {question.pages}; it must be between 0 (as "
                f"many as it takes) and {MAX_PAGES}"
            )
        for used in question.uses:
            if used not in assignment.questions:
                raise CourseError(f"{file}: question {name} uses {used!r}, which is not a question")
            if not assignment.questions[used].has_checks:
                raise CourseError(
                    f"{file}: question {name} uses {used!r}, which is not a code question"
                )
        if circle := _circle(assignment, name):
            raise CourseError(
                f"{file}: question {name} uses itself ({' -> '.join(circle)}): the oracle would "
                "stand in for its own answer. Take it out of `uses`"
            )
        if problem := _problem_of_quality(question, assignment.artifacts):
            raise CourseError(f"{file}: question {name}: {problem}")
    if problem := problem_of_choices(assignment.choices, assignment.questions):
        raise CourseError(f"{file}: {problem}")


def _circle(assignment: Assignment, name: str) -> list[str]:
    """The questions on a way from `name` back to it along `uses`; empty if there is none."""
    ways, seen = [[name]], {name}
    while ways:
        way = ways.pop(0)
        for used in assignment.questions[way[-1]].uses:
            if used == name:
                return [*way, name]
            if used in assignment.questions and used not in seen:
                seen.add(used)
                ways.append([*way, used])
    return []


def _problem_of_quality(question: Question, artifacts: list[str]) -> str:
    quality = question.quality
    if (quality is not None) != (question.kind == "quality"):
        table = f"[questions.{question.name}.quality]"
        return (
            f'kind = "quality" needs a table {table}'
            if quality is None
            else f'{table} belongs to a question of kind = "quality"'
        )
    if quality is None:
        return ""
    if question.uses:
        return "uses is for code questions; no code is run for a quality question"
    if not quality.artifact.endswith(".safetensors"):
        return f"artifact {quality.artifact!r} must be a .safetensors file"
    if not matches(quality.artifact, artifacts):
        return (
            f"artifact {quality.artifact!r} is not among the files that students may hand in "
            f"(artifacts = {artifacts})"
        )
    return problem_of_question(quality.metric, quality.full, quality.half, quality.options)


def matches(path: str, patterns: list[str]) -> bool:
    """Does `path` match one of the patterns, folder by folder (so that `*` never crosses a
    slash)?
    """
    parts = path.split("/")
    return any(
        len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
        for wanted in (pattern.split("/") for pattern in patterns)
    )
