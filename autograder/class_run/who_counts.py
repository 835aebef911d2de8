"""Whose submission is it, where several claim one id? A manifest is its writer's word: nobody may take another's place in the gradebook."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from autograder.course.assignment import Assignment
from autograder.intake.who import contradictions, identify
from autograder.report import Report


def settle(reports: list[Report], others: Iterable[Report], assignment: Assignment) -> tuple[list[Report], list[str]]:
    """The reports with the id under which each counts, in their order, and a sentence for staff on each that lost the id it claims.

    others: reports of earlier runs, whose claims count as well. An id that is claimed under several names, or under one that the file's
    own name contradicts, stays with the one student whose manifest and file name agree; where there is none such, or two, with nobody.
    Whoever loses it counts under the id that the file name gives. The reports themselves stay as they are: a later run decides anew.
    """
    claims: dict[str, list[Report]] = {}
    for report in [*reports, *others]:
        if report.status != "rejected":
            claims.setdefault(report.student.id, []).append(report)
    settled, notes = [], []
    for report in reports:
        group = claims.get(report.student.id, [])
        if report.status == "rejected" or _may_keep(report, group, assignment):
            settled.append(report)
            continue
        by_file = identify(report.file, assignment).id
        if by_file == report.student.id:
            by_file = f"{by_file}-{report.sha256[:8]}"
        settled.append(msgspec.structs.replace(report, student=msgspec.structs.replace(report.student, id=by_file)))
        rivals = ", ".join(dict.fromkeys(other.file for other in group if other is not report))
        notes.append(f"{report.file}: claims the id {report.student.id}, as {rivals} does, under another name: it counts as {by_file}")
    return settled, notes


def _may_keep(report: Report, group: list[Report], assignment: Assignment) -> bool:
    agreeing = [other for other in group if _agrees(other, assignment)]
    same_name = len({_name(other) for other in group}) == 1
    if len(group) == 1 or (same_name and len(agreeing) in (0, len(group))):  # one student, perhaps handing in again
        return True
    return _agrees(report, assignment) and {_name(other) for other in agreeing} == {_name(report)}


def _agrees(report: Report, assignment: Assignment) -> bool:
    """Whether the manifest says more than the file's name, and the name does not contradict it."""
    student, by_file = report.student, identify(report.file, assignment)
    told_more = (student.id, student.name) != (by_file.id, by_file.name)
    return told_more and not contradictions(report.file, student.id, student.name, assignment)


def _name(report: Report) -> str:
    return " ".join(report.student.name.split()).casefold()
