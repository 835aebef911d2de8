"""`ClassResults`: which submission counts, for whom, handed in when, and why: their one owner.

Made from all the reports below `results/<slug>`, this run's and earlier ones', and kept there as
`class.json`. Gradebook, CSV files and the class table are made from it and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from autograder.atomic_write import write_atomically
from autograder.class_run.attempts import Choice, Rival, choose, seconds_late
from autograder.class_run.who_counts import Owner, Waits, owners
from autograder.course.assignment import Assignment
from autograder.errors import AutograderError
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.roster import Person, Roster, key
from autograder.intake.who import attempt_number, identify
from autograder.report import Report, Totals

SCHEMA = 1
CLASS = "class.json"
CLOCK_SKEW = timedelta(days=1)
"""A time that lies further after that of grading is a clock that goes wrong."""


class OtherFile(msgspec.Struct, kw_only=True):
    """A file of a student that does not count."""

    file: str
    """Untrusted text, as all that follows unless it says otherwise."""
    folder: str
    """Where its report is: `results/<slug>/<folder>/report.json`."""
    status: str
    handed_in: str = ""
    """UTC, `2026-12-15T22:10:00Z`; empty: unknown. Ours."""
    why: str
    """Why it does not count."""


class StudentResult(msgspec.Struct, kw_only=True):
    """One student, and the submission of theirs that counts."""

    id: str
    """Settled: the roster's, else the one that was claimed, as the first attempt spells it."""
    name: str = ""
    group: str = ""
    email: str = ""
    identity: str
    """Where `id` comes from: `roster`, `manifest` or `file name`. Ours."""
    claimed_id: str = ""
    """What the file that counts says; empty: it has no manifest."""
    file: str
    """The file that counts."""
    folder: str
    sha256: str
    why: str
    """Why this one counts."""
    look_at: str = ""
    """What a person should look at, though it counts: the file's name tells of somebody else."""
    others: list[OtherFile] = []
    handed_in: str = ""
    """UTC; empty: unknown. Never the time of grading. Ours."""
    time_from: str = "unknown"
    """`platform`, `timestamp.txt`, `manifest`, `roster` or `unknown`. Ours."""
    late_s: float = 0.0
    """Seconds after the due date; 0 also where the time is unknown."""
    status: str
    """Of the report: `graded`, `rejected`, `ungraded`."""
    message: str = ""
    totals: Totals = msgspec.field(default_factory=Totals)
    to_mark: int = 0
    """Questions that a person still has to mark."""
    to_mark_points: float = 0.0
    """What they are worth, bonus left out."""


class WaitingFile(msgspec.Struct, kw_only=True):
    """A file for which a person has to do something."""

    file: str
    folder: str
    status: str = ""
    claimed_id: str = ""
    name: str = ""
    why: str
    """What is wrong, and what to do."""


class ClassResults(msgspec.Struct, kw_only=True):
    """A whole class in one assignment."""

    schema: int = SCHEMA
    assignment: str
    due: str = ""
    """UTC; empty: there is none."""
    with_roster: bool = False
    students: list[StudentResult] = []
    """Everybody of whom there is a submission, by id."""
    waiting: list[WaitingFile] = []
    """Files that no student could be given, and those of which it cannot be told which counts."""
    without_submission: list[Person] = []
    """Students of the roster of whom there is none, in the roster's order."""


def settle_class(
    reports: Mapping[str, Report],
    assignment: Assignment,
    roster: Roster | None = None,
    times: Mapping[str, datetime] | None = None,
    unread: Mapping[str, str] | None = None,
) -> ClassResults:
    """The class, whatever the order of the reports and the runs that wrote them. Writes nothing.

    reports: by folder in `results/<slug>`. times: what stands in a student's `timestamp.txt`
    that is not ours, by `roster.key` of their id. unread: folders whose report cannot be read, and
    why.
    """
    mine = {name: one for name, one in reports.items() if one.assignment == assignment.slug}
    owned = owners(mine, assignment, roster)
    groups: dict[Owner, dict[str, Report]] = {}
    for folder in sorted(mine):
        if isinstance(owner := owned[folder], Owner):
            groups.setdefault(owner, {})[folder] = mine[folder]
    settled = [_student(own, group, assignment, times or {}) for own, group in groups.items()]
    waiting = [
        _waiting(folder, mine[folder], owner.why)
        for folder, owner in owned.items()
        if isinstance(owner, Waits)
    ]
    waiting += [doubt for one in settled for doubt in one.doubts]
    waiting += _strangers(reports, assignment, unread or {})
    handed_in = {owner.key for owner in groups}
    return ClassResults(
        assignment=assignment.slug,
        due=iso(assignment.due) if assignment.due else "",
        with_roster=roster is not None,
        students=sorted((one.student for one in settled), key=lambda one: (key(one.id), one.id)),
        waiting=sorted(waiting, key=lambda one: (one.folder, one.why)),
        without_submission=[
            person
            for person in (roster.people if roster else [])
            if key(person.id) not in handed_in
        ],
    )


def counted_report(student: StudentResult, report: Report) -> Report:
    """The report that counts, with the settled id and name in place of what was claimed."""
    who = msgspec.structs.replace(report.student, id=student.id, name=student.name)
    return msgspec.structs.replace(report, student=who)


def write_class(results: ClassResults, folder: Path) -> None:
    """Write `class.json` into `results/<slug>`, atomically."""
    write_atomically(folder / CLASS, msgspec.json.format(msgspec.json.encode(results), indent=2))


def read_class(file: Path) -> ClassResults:
    """Read a `class.json`. Raises AutograderError that names the file when it is none."""
    try:
        results = msgspec.json.decode(file.read_bytes(), type=ClassResults)
    except (OSError, msgspec.MsgspecError) as error:
        raise AutograderError(f"{file} cannot be read ({error}). Grade again") from error
    if results.schema != SCHEMA:
        raise AutograderError(f"{file} has schema {results.schema}, not {SCHEMA}. Grade again")
    return results


def unknown_class(reports: Mapping[str, Report], slug: str) -> ClassResults:
    """Files of which nobody knows the assignment: all of them wait."""
    told = {folder: f"{one.file}: {one.message}" for folder, one in reports.items()}
    waiting = [_waiting(folder, reports[folder], why) for folder, why in told.items()]
    return ClassResults(assignment=slug, waiting=waiting)


# One student


@dataclass(frozen=True)
class _Settled:
    student: StudentResult
    doubts: list[WaitingFile]


def _student(
    owner: Owner,
    reports: Mapping[str, Report],
    assignment: Assignment,
    times: Mapping[str, datetime],
) -> _Settled:
    rivals = [_rival(folder, report, assignment) for folder, report in reports.items()]
    choice = choose(rivals, assignment)
    report = reports[choice.counts.folder]
    student_id = owner.person.id if owner.person else _first_id(rivals, reports, assignment)
    time, source = _time(choice.counts, assignment, times.get(key(student_id)), owner.person)
    to_mark = [question for question in report.questions if question.score is None]
    person = owner.person or Person(id=student_id)
    student = StudentResult(
        id=student_id,
        name=person.name or report.student.name,
        group=person.group,
        email=person.email,
        identity=_identity(owner, report),
        claimed_id=report.student.claimed_id,
        file=report.file,
        folder=choice.counts.folder,
        sha256=report.sha256,
        why=choice.why,
        look_at=_look_at(report, assignment),
        others=[_other(rival, reports, choice) for rival in rivals if rival is not choice.counts],
        handed_in=iso(time) if time else "",
        time_from=source,
        late_s=seconds_late(time, assignment),
        status=report.status,
        message=report.message,
        totals=report.totals,
        to_mark=len(to_mark),
        to_mark_points=sum(question.points for question in to_mark if not question.bonus),
    )
    return _Settled(student, [_doubt(student, report)] if choice.doubtful else [])


def _rival(folder: str, report: Report, assignment: Assignment) -> Rival:
    time = _told_time(report)
    trusted = report.handed_in and report.handed_in.source in assignment.hand_in_times
    no_result = report.status == "ungraded" and not report.questions
    return Rival(
        folder=folder,
        sha256=report.sha256,
        number=attempt_number(report.file, assignment),
        time=time if trusted else None,
        source=report.handed_in.source if report.handed_in and trusted else "unknown",
        kind="rejected" if report.status == "rejected" else "ungraded" if no_result else "graded",
    )


def _told_time(report: Report) -> datetime | None:
    """When the file says that it was handed in; None also where that is after it was graded."""
    time = parse_time(report.handed_in.time) if report.handed_in else None
    graded = parse_time(report.graded_at, UTC)
    return None if time and graded and time > graded + CLOCK_SKEW else time


def _time(
    rival: Rival, assignment: Assignment, recorded: datetime | None, person: Person | None
) -> tuple[datetime | None, str]:
    """When it was handed in, by the most trusted source that knows."""
    known = {
        rival.source: rival.time,
        "timestamp.txt": recorded,
        "roster": parse_time(person.handed_in) if person else None,
    }
    for source in assignment.hand_in_times:
        if time := known.get(source):
            return time, source
    return None, "unknown"


def _first_id(rivals: list[Rival], reports: Mapping[str, Report], assignment: Assignment) -> str:
    """The id as the first attempt spells it: a later one in other letters is no other student.

    Of a file that could not be opened it is that of the file's name.
    """
    never = datetime.max.replace(tzinfo=UTC)
    opened = [rival for rival in rivals if rival.kind == "graded"] or rivals
    first = min(opened, key=lambda rival: (rival.time or never, rival.number, rival.folder))
    report = reports[first.folder]
    return (report.student if first.kind == "graded" else identify(report.file, assignment)).id


def _identity(owner: Owner, report: Report) -> str:
    if owner.person:
        return "roster"
    return "manifest" if report.student.claimed_id else "file name"


def _look_at(report: Report, assignment: Assignment) -> str:
    if not report.student.contradictions:
        return ""
    by_file = identify(report.file, assignment)
    return f"its file name is that of {by_file.name or by_file.id}"


def _other(rival: Rival, reports: Mapping[str, Report], choice: Choice) -> OtherFile:
    report = reports[rival.folder]
    return OtherFile(
        file=report.file,
        folder=rival.folder,
        status=report.status,
        handed_in=iso(rival.time) if rival.time else "",
        why=choice.others[rival.folder],
    )


# What waits


def _waiting(folder: str, report: Report, why: str) -> WaitingFile:
    student = report.student
    return WaitingFile(
        file=report.file,
        folder=folder,
        status=report.status,
        claimed_id=student.claimed_id,
        name=student.name,
        why=why,
    )


def _doubt(student: StudentResult, report: Report) -> WaitingFile:
    others = ", ".join(other.file for other in student.others)
    why = (
        f"{student.file}: counts for {student.id}, but nothing shows whether it is newer than "
        f"{others}. Remove the folder of each one that does not count from the results"
    )
    return _waiting(student.folder, report, why)


def _strangers(
    reports: Mapping[str, Report], assignment: Assignment, unread: Mapping[str, str]
) -> list[WaitingFile]:
    foreign = [
        _waiting(
            folder,
            report,
            f"{report.file}: its report is for {report.assignment!r}, not for {assignment.slug!r}. "
            "Remove its folder from the results",
        )
        for folder, report in reports.items()
        if report.assignment != assignment.slug
    ]
    return foreign + [
        WaitingFile(
            file=folder,
            folder=folder,
            why=f"{folder}: its report cannot be read ({why}). Grade it again",
        )
        for folder, why in unread.items()
    ]
