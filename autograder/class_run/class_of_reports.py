"""Classes to show from reports that were written before, with as much as is known of them now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.class_run.class_results import (
    CLASS,
    ClassResults,
    read_class,
    settle_class,
    unknown_class,
)
from autograder.class_run.results_folder import REPORT
from autograder.class_run.which_assignment import UNKNOWN
from autograder.course.assignment import Assignment, course_root, load
from autograder.errors import AutograderError
from autograder.report import Report, read_all


def classes_below(paths: Sequence[Path]) -> list[ClassResults]:
    """The classes in results folders (as kept in `class.json`) and in files of reports.

    Raises AutograderError that names what cannot be read.
    """
    classes: list[ClassResults] = []
    loose: list[Path] = []
    for path in paths:
        kept = sorted([*path.glob(CLASS), *path.glob(f"*/{CLASS}")]) if path.is_dir() else []
        classes += [read_class(file) for file in kept]
        settled = [file.parent for file in kept]
        files = sorted(path.rglob(REPORT)) if kept else [path]
        loose += [file for file in files if not set(settled) & set(file.parents)]
    return classes + (classes_of(read_all(loose)) if loose else [])


def classes_of(reports: Iterable[Report]) -> list[ClassResults]:
    """The classes of reports of any assignments, settled without roster or recorded times."""
    by_slug: dict[str, dict[str, Report]] = {}
    for number, report in enumerate(reports):
        by_slug.setdefault(report.assignment, {})[f"{report.file}#{number}"] = report
    return [
        unknown_class(group, slug) if slug == UNKNOWN else settle_class(group, _assignment(slug))
        for slug, group in by_slug.items()
    ]


def _assignment(slug: str) -> Assignment:
    """The course's assignment; where the course is not at hand, one of that name."""
    try:
        return load(slug, course_root())
    except AutograderError:
        return Assignment(slug=slug, title=slug, questions={})
