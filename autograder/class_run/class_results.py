"""`ClassResults`: which submission counts, for whom, handed in when, and why: their one owner.

Made from all the reports below `results/<slug>`, this run's and earlier ones', and kept there as
`class.json`. Gradebook, CSV files and the class table are made from it and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from autograder.atomic_write import write_atomically
from autograder.class_run.attempts import Choice, Rival, choose, is_late, seconds_late
from autograder.class_run.by_part import is_blank, put_together, reports_of_part, together
from autograder.class_run.who_counts import Owner, Waits, owners
from autograder.course.assignment import Assignment
from autograder.course.parts import part_of
from autograder.course.points import still_to_come
from autograder.errors import AutograderError
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.roster import Person, Roster, key
from autograder.intake.same_name import words
from autograder.intake.untrusted_text import safe_id
from autograder.intake.who import attempt_number, identify
from autograder.report import Member, QuestionResult, Report, Totals

SCHEMA = 2
MAX_NOTES_CHARS = 1000
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
    """Where `id` comes from: `roster`, `manifest`, `platform`, `file name` or `group`. Ours."""
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
    notes: str = ""
    """What the report notes about the whole submission."""
    handed_in_by: str = ""
    """The id of the member who handed it in for the group; empty: the student."""
    others: list[OtherFile] = []
    handed_in: str = ""
    """UTC; empty: unknown. Never the time of grading. Ours."""
    time_from: str = "unknown"
    """`platform`, `timestamp.txt`, `manifest`, `roster` or `unknown`. Ours."""
    late_s: float = 0.0
    """Seconds after the due date; 0 also where the time is unknown."""
    late: bool = False
    """By its time, or marked so by the learning platform."""
    late_penalty: float = 0.0
    """The share of the points that is lost by the course's late policy: 0 to 1."""
    status: str
    """Of the report: `graded`, `rejected`, `ungraded`."""
    message: str = ""
    totals: Totals = msgspec.field(default_factory=Totals)
    to_mark: int = 0
    """Questions that a person still has to mark."""
    to_mark_points: float = 0.0
    """What they can add to the score, bonus left out."""
    notebooks: list[str] = []
    """Of an assignment with parts, the notebooks of those that were handed in."""
    parts: dict[str, StudentResult] = {}
    """Of an assignment with parts, each one that was handed in, by its name, as if it were an
    assignment by itself. What stands above is then of all of them: files, sums, the last time, the
    greatest lateness; `late_penalty` is 0 unless they all lose the same.
    """

    @property
    def folders(self) -> list[str]:
        """The folders of all files that count."""
        return list(dict.fromkeys([self.folder, *(one.folder for one in self.parts.values())]))


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
    parts: dict[str, str] = {}
    """Of an assignment with parts, when each is due (UTC)."""

    @property
    def by_files(self) -> list[list[StudentResult]]:
        """Students, those together for whom the same files count, as for a group."""
        found: dict[tuple[str, ...], list[StudentResult]] = {}
        for one in self.students:
            found.setdefault(tuple(one.folders), []).append(one)
        return list(found.values())

    @property
    def counting(self) -> dict[str, StudentResult]:
        """By folder, a student for whom the file counts."""
        return {folder: one for one in self.students for folder in one.folders}


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
    ids = {
        owner: owner.person.id if owner.person else _first_id(group, assignment)
        for owner, group in groups.items()
    }
    waiting = [
        _waiting(folder, mine[folder], owner.why)
        for folder, owner in owned.items()
        if isinstance(owner, Waits)
    ]
    settled: dict[str, list[_Settled]] = {}
    views = {name: part_of(assignment, name) for name in assignment.parts} or {"": assignment}
    for part, view in views.items():
        settled[part] = []
        for owner, group in groups.items():
            wanted = reports_of_part(group, assignment, part) if part else group
            if wanted:
                settled[part].append(_student(owner, ids[owner], wanted, view, times or {}, roster))
    waiting += [doubt for each in settled.values() for one in each for doubt in one.doubts]
    waiting += _strangers(reports, assignment, unread or {})
    by_part: dict[str, list[StudentResult]] = {}
    known = [one.student for each in settled.values() for one in each] if assignment.parts else []
    for part, view in views.items():
        own = [one.student for one in settled[part]]
        answered = [one.student for one in settled[part] if not one.blank]
        members, unsure = group_members(answered, mine, roster, known)
        waiting += unsure
        by_part[part] = [one for one in own if one.id not in members]
        by_part[part] += [_as_member(one, mine, view, roster) for one in members.values()]
    students = together(by_part) if assignment.parts else by_part[""]
    handed_in = {key(one.id) for one in students}
    if roster is None:
        students = _with_namesakes(students)
    return ClassResults(
        assignment=assignment.slug,
        due=iso(assignment.due) if assignment.due else "",
        with_roster=roster is not None,
        students=sorted(students, key=lambda one: (key(one.id), one.id)),
        waiting=sorted(_each_once(waiting), key=lambda one: (one.folder, one.why)),
        without_submission=[
            person
            for person in (roster.people if roster else [])
            if key(person.id) not in handed_in
        ],
        parts={name: iso(part.due) for name, part in assignment.parts.items()},
    )


def counted_report(student: StudentResult, reports: Mapping[str, Report]) -> Report:
    """The report that counts (of an assignment with parts what counts of each, in one), with the
    settled id and name in place of what was claimed. reports: by folder, those of
    `student.folders` at least.
    """
    report = put_together(student, reports) if student.parts else reports[student.folder]
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
    blank: bool = False
    """Of a part: nothing was answered, so that there is nothing for a group to share."""


def _student(
    owner: Owner,
    student_id: str,
    reports: Mapping[str, Report],
    assignment: Assignment,
    times: Mapping[str, datetime],
    roster: Roster | None,
) -> _Settled:
    """assignment: or a part of it, and reports on it."""
    rivals = [_rival(folder, report, assignment) for folder, report in reports.items()]
    if assignment.parts:
        rivals = [
            replace(one, kind="blank") if is_blank(reports[one.folder]) else one for one in rivals
        ]
    due = own_due(assignment, student_id, owner.person)
    choice = choose(rivals, assignment, due)
    report = reports[choice.counts.folder]
    time, source = _time(choice.counts, assignment, times.get(key(student_id)), owner.person)
    to_mark = [one for one in report.questions if one.score is None and not _has_its_0(one)]
    late_s = seconds_late(time, due)
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
        notes=" ".join(report.notes)[:MAX_NOTES_CHARS],
        others=[_other(rival, reports, choice) for rival in rivals if rival is not choice.counts],
        handed_in=iso(time) if time else "",
        time_from=source,
        late_s=late_s,
        late=late_s > 0 or is_late(choice.counts, assignment, due),
        late_penalty=assignment.late_policy.share_lost(late_s),
        status=report.status,
        message=report.message,
        totals=report.totals,
        to_mark=len(to_mark),
        to_mark_points=_still_to_come(report, assignment),
        notebooks=assignment.notebooks if assignment.parts else [],
    )
    doubts = [_doubt(student, report)] if choice.doubtful else []
    if report.status == "ungraded":
        why = f"{report.file}: {report.message or 'needs manual review'}"
        doubts.append(_waiting(student.folder, report, why))
    return _Settled(student, doubts, bool(assignment.parts) and is_blank(report))


def _with_namesakes(students: list[StudentResult]) -> list[StudentResult]:
    """Without a roster, two ids under one name may be two people, or one with a slip of the pen."""
    by_name: dict[tuple[str, ...], list[StudentResult]] = {}
    for one in students:
        by_name.setdefault(words(one.name) or (one.id,), []).append(one)
    return [
        msgspec.structs.replace(
            one,
            look_at="; ".join(
                [
                    *filter(None, [one.look_at]),
                    *(
                        f"{other.file} has the same name with the id {other.id}: if it is one "
                        "person, give a roster (--roster)"
                        for other in by_name[words(one.name) or (one.id,)]
                        if other is not one
                    ),
                ]
            ),
        )
        for one in students
    ]


def _has_its_0(question: QuestionResult) -> bool:
    """A blank answer needs no reader: the gradebook has a 0 for it already."""
    return question.outcome == "manual" and question.blank


def _still_to_come(report: Report, assignment: Assignment) -> float:
    usual = [one for one in report.questions if not one.bonus]
    scores = {one.name: 0.0 if _has_its_0(one) else one.score for one in usual}
    return still_to_come(assignment.choices, scores, {one.name: one.points for one in usual})


def own_due(assignment: Assignment, student_id: str, person: Person | None) -> datetime | None:
    """A student's due date: the roster's, else an extension of theirs or of their group. Of a part
    it is never earlier than that of the class.
    """
    if person and (due := parse_time(person.due)):
        return max(due, assignment.due) if assignment.parts and assignment.due else due
    told = {key(name): due for name, due in assignment.extensions.items()}
    names = [student_id, person.group if person else ""]
    found = [told[key(name)] for name in names if name and key(name) in told]
    return max(found, default=assignment.due)


# Groups


def group_members(
    students: list[StudentResult],
    reports: Mapping[str, Report],
    roster: Roster | None,
    known: Iterable[StudentResult] = (),
) -> tuple[dict[str, tuple[StudentResult, Person]], list[WaitingFile]]:
    """By id, members of groups without a result of their own, each with the file that counts.

    Members are named by the learning platform, the roster or the manifest. Whoever handed in a file
    that was graded keeps it. Two groups that name one person wait. known: everybody with a result
    of their own in any part: a member with one has the same id in every part.
    """
    own = {key(one.id): one for one in students}
    names = {words(one.name) for one in students if one.name}
    ids = {key(one.id): one.id for one in known}
    ids_by_name = {words(one.name): one.id for one in known if one.name}
    claims: dict[str, list[tuple[StudentResult, Person]]] = {}
    unsure = []
    for student in (one for one in students if one.status != "rejected"):
        report = reports[student.folder]
        for member in _members(student, report, roster):
            person = _person(member, roster)
            if person is None:
                why = (
                    f"{student.file}: its group names {member.id or member.name}, who is not in "
                    "the roster. Add the student to the roster, and grade again"
                )
                unsure.append(_waiting(student.folder, report, why))
                continue
            if roster is None:
                by_name_id = "" if member.id else ids_by_name.get(words(person.name), "")
                known_id = ids.get(key(person.id)) or by_name_id or person.id
                person = msgspec.structs.replace(person, id=known_id)
            has = own.get(key(person.id))
            by_name = not member.id and words(person.name) in names
            if person.id and (has is None or has.status == "rejected") and not by_name:
                claims.setdefault(person.id, []).append((student, person))
    members = {}
    for student_id, found in claims.items():
        if len({one.folder for one, _ in found}) == 1:
            members[student_id] = found[0]
            continue
        files = ", ".join(one.file for one, _ in found)
        why = f"{files}: each names {student_id} as a member of its group. Find out which is right"
        unsure.append(_waiting(found[0][0].folder, reports[found[0][0].folder], why))
    return members, unsure


def _members(student: StudentResult, report: Report, roster: Roster | None) -> list[Member]:
    told = [*(report.sender.group if report.sender else []), *report.student.group]
    if roster and student.group:
        told += [
            Member(id=one.id, name=one.name)
            for one in roster.people
            if key(one.group) == key(student.group)
        ]
    return [one for one in told if key(one.id) != key(student.id) or not one.id]


def _person(member: Member, roster: Roster | None) -> Person | None:
    """Whom a group names: with a roster somebody of it."""
    if roster is None:
        name = member.name or member.id or member.email
        return Person(id=safe_id(member.id or member.email or name), name=name, email=member.email)
    found = (roster.claimed(told) for told in (member.id, member.email) if told)
    return next((one for one in found if one), None) or roster.named(member.name)


def _as_member(
    found: tuple[StudentResult, Person],
    reports: Mapping[str, Report],
    assignment: Assignment,
    roster: Roster | None,
) -> StudentResult:
    student, person = found
    late_s = seconds_late(parse_time(student.handed_in), own_due(assignment, person.id, person))
    return msgspec.structs.replace(
        student,
        id=person.id,
        name=person.name,
        group=person.group or student.group,
        email=person.email,
        identity="roster" if roster else "group",
        handed_in_by=student.id,
        why=f"handed in by {student.name or student.id} for the group",
        others=[],
        late_s=late_s,
        late_penalty=assignment.late_policy.share_lost(late_s),
    )


def _rival(folder: str, report: Report, assignment: Assignment) -> Rival:
    time, source = told_time(report, assignment)
    sender = report.sender
    no_result = report.status == "ungraded" and not report.questions
    return Rival(
        folder=folder,
        sha256=report.sha256,
        number=attempt_number(own_name(report), assignment),
        time=time,
        source=source,
        clock=(sender.platform, sender.time) if sender else ("", ""),
        marked_late=bool(sender and sender.late),
        kind="rejected" if report.status == "rejected" else "ungraded" if no_result else "graded",
    )


def _known_times(report: Report, assignment: Assignment) -> dict[str, datetime]:
    """By source, when it was handed in; a time that is after the grading is none."""
    zone = ZoneInfo(assignment.time_zone) if assignment.time_zone else None
    told = {
        "manifest": parse_time(report.handed_in.time) if report.handed_in else None,
        "platform": parse_time(report.sender.time, zone) if report.sender else None,
    }
    graded = parse_time(report.graded_at, UTC)
    return {
        source: time
        for source, time in told.items()
        if time and not (graded and time > graded + CLOCK_SKEW)
    }


def told_time(report: Report, assignment: Assignment) -> tuple[datetime | None, str]:
    """When it was handed in, by the most trusted source that the file itself has."""
    times = _known_times(report, assignment)
    source = next((one for one in assignment.hand_in_times if one in times), "unknown")
    return times.get(source), source


def own_name(report: Report) -> str:
    """The name that the student gave the file, without what a learning platform added."""
    return report.sender.file if report.sender else report.file


def _time(
    rival: Rival, assignment: Assignment, recorded: datetime | None, person: Person | None
) -> tuple[datetime | None, str]:
    """When it was handed in, by the most trusted source that knows."""
    known: dict[str, datetime | None] = {
        rival.source: rival.time,
        "timestamp.txt": recorded,
        "roster": parse_time(person.handed_in) if person else None,
    }
    for source in assignment.hand_in_times:
        if time := known.get(source):
            return time, source
    return None, "unknown"


def _first_id(reports: Mapping[str, Report], assignment: Assignment) -> str:
    """The id as the first attempt spells it: a later one in other letters is no other student.

    Of a file that could not be opened it is that of the file's name.
    """
    rivals = [_rival(folder, report, assignment) for folder, report in reports.items()]
    never = datetime.max.replace(tzinfo=UTC)
    opened = [rival for rival in rivals if rival.kind == "graded"] or rivals
    first = min(opened, key=lambda rival: (rival.time or never, rival.number, rival.folder))
    report = reports[first.folder]
    if first.kind == "graded":
        return report.student.id
    return identify(report.file, assignment, report.sender).id


def _identity(owner: Owner, report: Report) -> str:
    if owner.person:
        return "roster"
    if report.student.claimed_id:
        return "manifest"
    return "platform" if report.sender else "file name"


def _look_at(report: Report, assignment: Assignment) -> str:
    told = []
    if report.student.contradictions:
        shown = identify(report.file, assignment, report.sender)
        told.append(f"its file name is that of {shown.name or shown.id}")
    sender = report.sender
    if sender and sender.time and parse_time(sender.time) is None and not assignment.time_zone:
        told.append(
            f"{sender.platform} gives the time {sender.time.replace('T', ' ')} without a zone: "
            "name it with time_zone in assignment.toml"
        )
    return "; ".join(told)


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


def _each_once(files: list[WaitingFile]) -> list[WaitingFile]:
    """What several parts of one file say is said once."""
    return list({(one.folder, one.why): one for one in files}.values())


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
