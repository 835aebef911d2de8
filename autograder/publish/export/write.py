"""A class's grades into a file for a learning platform. Whoever cannot be matched for certain, or
has no final points yet, is listed and not in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.class_run.results_folder import keep_roster
from autograder.course.assignment import load
from autograder.errors import UsageError
from autograder.intake.roster import Person, Roster, key
from autograder.intake.untrusted_text import clean, shown
from autograder.publish.csv_files import Value, csv_text, csv_value
from autograder.publish.export.platforms import (
    MOODLE_MAX,
    PLATFORMS,
    Line,
    PlatformFile,
    default_column,
)
from autograder.publish.standing import Standing, class_standings

FOLDER = "export"
PLAIN = [
    *("id", "name", "email", "group", "status", "points", "earned", "late_penalty", "maximum"),
    *("waits_for_a_mark", "handed_in", "left_out"),
]


@dataclass
class Exported:
    """The file, how many students are in it, and who is not, with why: a sentence each."""

    file: Path
    n_students: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def export(
    slug: str,
    to: str,
    root: Path,
    out: Path,
    *,
    match: str = "",
    column: str = "",
    partial: bool = False,
    late_penalty: bool = True,
    file: Path | None = None,
) -> Exported:
    """Write the grades of an assignment for the platform `to` (or `csv`).

    match: the roster's column that the platform knows students by; the platform's default if empty.
    column: title of the grade item. partial: also students with questions that wait for a mark.
    late_penalty: take away what the late policy takes. Raises as `class_standings` does, UsageError
    for an unknown `match` or a title that the platform would misread.
    """
    assignment = load(slug, root)
    found = class_standings(out, assignment)
    roster = keep_roster(out, slug, None)
    done = Exported(file or out / FOLDER / f"{slug}-{to}.csv")
    reasons = {one.student.id: _not_yet(one, partial) for one in found.standings}
    if to == "csv":
        text = _plain(found.standings, reasons, late_penalty)
        done.left_out = [
            f"{one.student.id}: {reasons[one.student.id]}; no points in the file"
            for one in found.standings
            if reasons[one.student.id]
        ]
        done.n_students = len(found.standings)
    else:
        platform = PLATFORMS[to]
        match = _checked(match, platform)
        lines = _lines(found.standings, reasons, platform, match, roster, late_penalty, done)
        title = column or default_column(to, assignment.title)
        text = platform.text(lines, match, title, assignment.max_points)
        done.n_students = len(lines)
        if to == "moodle" and any(one.points > MOODLE_MAX for one in lines):
            done.notes.append(
                f"Some students have more than {MOODLE_MAX} points: Moodle refuses the file unless "
                "an administrator has set unlimitedgrades"
            )
    done.left_out += [
        f"{shown(one.file)}: waits for manual review and counts for nobody yet"
        for one in found.results.waiting
        if one.folder not in found.results.counting
    ]
    if n_absent := sum(bool(one.absent) for one in found.standings):
        done.notes.append(
            f"students who have not handed in every part: {n_absent}. What is missing counts 0"
        )
    if missing := len(found.results.without_submission):
        done.notes.append(f"{missing} students of the roster handed nothing in: not in the file")
    try:
        write_atomically(done.file, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{shown(done.file)} cannot be written: {error.strerror}. Choose another --file"
        ) from error
    return done


def _checked(match: str, platform: PlatformFile) -> str:
    if match and match not in platform.match:
        raise UsageError(
            f"--match {match} is nothing that {platform.name} knows students by: choose one of "
            f"{', '.join(platform.match)} (columns of the roster)"
        )
    return match or next(iter(platform.match))


def _not_yet(standing: Standing, partial: bool) -> str:
    """Why a student has no points to pass on; empty: they have."""
    if standing.doubt:
        return f"needs manual review ({clean(standing.doubt, 300)})"
    if standing.report.status == "rejected":
        return f"the file could not be graded ({clean(standing.report.message, 300)})"
    for name, part in standing.student.parts.items():
        if part.status == "rejected":
            return f"the part {name} could not be graded ({clean(part.message, 300)})"
    if not standing.answered:
        return f"needs manual review ({clean(standing.report.message, 300)})"
    waiting = [one.question.name for one in standing.waiting if not one.question.bonus]
    if waiting and not partial:
        names = ", ".join(waiting[:5]) + (" ..." if len(waiting) > 5 else "")
        return f"{len(waiting)} questions wait for a mark: {names} (--partial exports it anyway)"
    return ""


def _lines(
    standings: list[Standing],
    reasons: Mapping[str, str],
    platform: PlatformFile,
    match: str,
    roster: Roster | None,
    late_penalty: bool,
    done: Exported,
) -> list[Line]:
    """The students whose identity on the platform is certain; the others go to `done.left_out`."""
    people = {key(one.id): one for one in roster.people} if roster else {}
    known = {}
    for one in standings:
        person = people.get(key(one.student.id))
        known[one.student.id] = _on_platform(one, person, platform, match)
    taken = Counter(key(who) for who in known.values() if who)
    lines = []
    for one in standings:
        student, who = one.student.id, known[one.student.id]
        why = reasons[student] or _no_match(who, match, platform, roster, taken)
        if why:
            done.left_out.append(f"{student}: {why}")
        else:
            lines.append(Line(who, one.total if late_penalty else one.earned))
    return lines


def _on_platform(
    standing: Standing, person: Person | None, platform: PlatformFile, match: str
) -> str:
    """What the platform knows a student by: from the roster, else from the platform's own download.

    Never from what the student wrote.
    """
    if person is not None:
        told = {**person.platform_ids, "id": person.id, "email": person.email}
        if who := told.get(match, ""):
            return who
    sender = standing.report.sender
    if sender is None or sender.platform != platform.name or standing.student.handed_in_by:
        return ""
    if match == f"{platform.name}_id":
        return sender.id if platform.name == "blackboard" else sender.account
    return ""


def _no_match(
    who: str, match: str, platform: PlatformFile, roster: Roster | None, taken: Counter[str]
) -> str:
    if not who:
        cure = f"fill in its column {match}" if roster else f"grade with a roster that has {match}"
        return f"{platform.name} cannot be told who it is: {cure} (--roster), or choose --match"
    if taken[key(who)] > 1:
        return f"{match} {clean(who, 80)} is that of several students. Correct the roster"
    if csv_value(who) != who:
        return f"{match} {clean(who, 80)} would be read as a formula. Correct the roster"
    return ""


def _plain(standings: list[Standing], reasons: Mapping[str, str], late_penalty: bool) -> str:
    """A table for people and other programs: everybody, with points by question."""
    names = list(dict.fromkeys(one.question.name for each in standings for one in each.answered))
    rows: list[list[Value]] = []
    for each in standings:
        student, why = each.student, reasons[each.student.id]
        scores = {one.question.name: one.score for one in each.answered}
        points = each.total if late_penalty else each.earned
        share = student.late_penalty
        if student.parts:  # of all points together
            share = each.lost / each.earned if each.earned else 0.0
        rows.append(
            [
                *(student.id, student.name, student.email, student.group, student.status),
                *(None if why else points, each.earned if each.answered else None),
                *(share, each.maximum if each.answered else None),
                *(len(each.waiting), student.handed_in, why),
                *(scores.get(name) for name in names),
            ]
        )
    return csv_text([*PLAIN, *names], rows)
