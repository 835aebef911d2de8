"""A class whose assignment has parts: each part is settled as if it were an assignment by itself,
and then each student's parts are put together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from autograder.course.assignment import Assignment
from autograder.course.parts import notebooks_in, parts_with
from autograder.course.points import add_points
from autograder.intake.roster import key
from autograder.intake.who import part_in_name
from autograder.report import Report, Totals, add_up

if TYPE_CHECKING:
    from autograder.class_run.class_results import StudentResult

MAX_TEXT_CHARS = 1000


def reports_of_part(
    reports: Mapping[str, Report], assignment: Assignment, part: str
) -> dict[str, Report]:
    """By folder, the reports on files that hand in a part, with what they say of it.

    A file that could not be opened is of the part that its name ends with, else of every part.
    """
    notebooks = notebooks_in(assignment, [part])
    found = {}
    for folder, report in reports.items():
        if part in _parts(report, assignment):
            mine = only_notebooks(report, notebooks)
            totals = add_up(mine.questions, assignment.choices)
            found[folder] = msgspec.structs.replace(mine, totals=totals)
    return found


def _parts(report: Report, assignment: Assignment) -> list[str]:
    graded = parts_with(assignment, {one.notebook for one in report.questions})
    if found := [name for name in report.parts if name in assignment.parts] or graded:
        return found
    name = report.sender.file if report.sender else report.file
    part = part_in_name(name, assignment)
    return [part] if part else list(assignment.parts)


def only_notebooks(report: Report, notebooks: Iterable[str]) -> Report:
    """The report, with nothing on the questions of other notebooks; its totals are still of all."""
    wanted = set(notebooks)
    questions = [one for one in report.questions if one.notebook in wanted]
    done = bool(questions) and not any(one.outcome == "ungraded" for one in questions)
    return msgspec.structs.replace(
        report,
        questions=questions,
        notebooks={name: sha for name, sha in report.notebooks.items() if name in wanted},
        status="graded" if done else report.status,
        message="" if done else report.message,
    )


def is_blank(report: Report) -> bool:
    """Was nothing answered? Artifacts do not count: every archive has all that there are."""
    answers = [one for one in report.questions if one.kind != "quality"] or report.questions
    return bool(answers) and all(one.blank for one in answers)


def together(by_part: Mapping[str, Iterable[StudentResult]]) -> list[StudentResult]:
    """Each student's results, by part, as one. Of the parts that they handed in the sums count."""
    found: dict[str, dict[str, StudentResult]] = {}
    for part, students in by_part.items():
        for student in students:
            found.setdefault(key(student.id), {})[part] = student
    return [_together(parts) for parts in found.values()]


def _together(parts: dict[str, StudentResult]) -> StudentResult:
    every = list(parts.values())
    first = next((one for one in every if not one.handed_in_by), every[0])
    files = {one.folder: one.file for one in every}
    digests = list(dict.fromkeys(one.sha256 for one in every))
    others = {other.folder: other for one in every for other in one.others}
    time = next((one for one in every if one.time_from == "timestamp.txt"), None)
    time = time or max(every, key=lambda one: one.handed_in)
    return msgspec.structs.replace(
        first,
        file=", ".join(dict.fromkeys(files.values())),
        folder=next(iter(files)),
        sha256=digests[0]
        if len(digests) == 1
        else hashlib.sha256(" ".join(digests).encode()).hexdigest(),
        why=_each(parts, lambda one: one.why),
        look_at="; ".join(dict.fromkeys(one.look_at for one in every if one.look_at)),
        notes=" ".join(dict.fromkeys(one.notes for one in every))[:MAX_TEXT_CHARS].strip(),
        others=[other for folder, other in others.items() if folder not in files],
        handed_in=time.handed_in,
        time_from=time.time_from,
        late_s=max(one.late_s for one in every),
        late=any(one.late for one in every),
        late_penalty=first.late_penalty if _same(one.late_penalty for one in every) else 0.0,
        status=_status({one.status for one in every}),
        message=_each(parts, lambda one: one.message),
        totals=_sum([one.totals for one in every]),
        to_mark=sum(one.to_mark for one in every),
        to_mark_points=add_points(one.to_mark_points for one in every),
        notebooks=[name for one in every for name in one.notebooks],
        parts=parts,
    )


def _same(values: Iterable[object]) -> bool:
    return len(set(values)) == 1


def _each(parts: dict[str, StudentResult], told: Callable[[StudentResult], str]) -> str:
    """What is told of each part, a sentence that several share once."""
    found: dict[str, list[str]] = {}
    for name, one in parts.items():
        if text := told(one):
            found.setdefault(text, []).append(name)
    return "; ".join(f"{', '.join(names)}: {text}" for text, names in found.items())


def _status(told: set[str]) -> str:
    """rejected: nothing could be opened. ungraded: something waits for staff."""
    if "ungraded" in told:
        return "ungraded"
    return "graded" if "graded" in told else "rejected"


def _sum(totals: list[Totals]) -> Totals:
    return Totals(
        **{
            name: add_points(getattr(one, name) for one in totals)
            for name in Totals.__struct_fields__
        }
    )


def put_together(student: StudentResult, reports: Mapping[str, Report]) -> Report:
    """What counts of each of a student's parts as one report. reports: by folder."""
    counted = [only_notebooks(reports[one.folder], one.notebooks) for one in student.parts.values()]
    files = list({one.folder: reports[one.folder] for one in student.parts.values()}.values())
    own = (
        report
        for report, one in zip(counted, student.parts.values(), strict=True)
        if not one.handed_in_by
    )
    return msgspec.structs.replace(
        next(own, counted[0]),
        parts=list(student.parts),
        file=student.file,
        sha256=student.sha256,
        status=student.status,
        message=student.message,
        notebooks={name: sha for one in counted for name, sha in one.notebooks.items()},
        isolation="; ".join(dict.fromkeys(one.isolation for one in files if one.isolation)),
        totals=student.totals,
        questions=[question for one in counted for question in one.questions],
        notes=list(dict.fromkeys(note for one in files for note in one.notes)),
        staff_notes=list(dict.fromkeys(note for one in files for note in one.staff_notes)),
        seconds=round(sum(one.seconds for one in files), 2),
        graded_at=max(one.graded_at for one in files),
    )
