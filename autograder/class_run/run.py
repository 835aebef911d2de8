"""Grade a class: many submissions on several processes, and all that is written of it (reports,
gradebook, notebooks, CSV).

A run may be killed at any point. The next one on the same `out` grades what is left, and ends with
what one unbroken run would have given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from autograder.class_run import changes
from autograder.class_run.changes import Change
from autograder.class_run.class_results import ClassResults
from autograder.class_run.plan import Planned, plan
from autograder.class_run.recorder import ClassRecorder
from autograder.class_run.results_folder import (
    folder_of,
    labels,
    locked,
    remove_leftovers,
    save,
)
from autograder.class_run.which_assignment import UNKNOWN, name_endings, slug_by_name, slug_of
from autograder.course.assignment import load, slugs
from autograder.errors import AutograderError
from autograder.executor.choose import Executor, choose_executor
from autograder.executor.tasks import Task, waiting
from autograder.grading.digests import digests
from autograder.grading.grade import Graded, Options
from autograder.intake.find import Search
from autograder.intake.found_file import FoundFile, as_found
from autograder.intake.untrusted_text import safe_id, shown
from autograder.release.stale import check_released
from autograder.report import Platform, Report


@dataclass(frozen=True)
class ClassRun:
    """What a run over a class gave: a report for each file, in the files' order; how many of them
    an earlier run had left, and were not graded again; the scores that moved, with those of an
    earlier run that was interrupted and which this one brought to its end; the classes as they
    stand now, one for each assignment.
    """

    reports: list[Report]
    n_skipped: int
    changes: list[Change]
    classes: list[ClassResults] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """What could not be written to the gradebook, as sentences; the reports and the CSV files are
    complete all the same.
    """


def grade_class(
    files: Sequence[Path | FoundFile],
    options: Options,
    *,
    out: Path,
    assignment: str | None = None,
    progress: Callable[[Report], None] | None = None,
) -> list[Report]:
    """Grade every file and write reports, gradebook, autograded notebooks and CSV under `out`; the
    reports in the files' order.

    A submission that our side cannot grade becomes a report that says so; it never stops the rest.
    What an earlier run on the same `out` has graded, and what nothing has changed for, is not
    graded again. Raises AutograderError when another run is writing to `out`, CourseError when an
    assignment is not in order.
    """
    return run_class(files, options, out=out, assignment=assignment, progress=progress).reports


def run_class(
    files: Sequence[Path | FoundFile],
    options: Options,
    *,
    out: Path,
    assignment: str | None = None,
    progress: Callable[[Report], None] | None = None,
    force: bool = False,
    scheduler: str = "",
    roster: Path | None = None,
) -> ClassRun:
    """`grade_class`, with what was skipped and whose score moved.

    force: grade all again. scheduler: address of the Dask cluster to grade on, in place of this
    machine's cores. roster: the class list (autograder/intake/roster.py), kept and used until
    another is given. Raises AutograderError, before anything is graded, when the roster cannot be
    read.
    """
    from autograder.sandbox.isolation import check_name, choose

    check_name(options.isolation)
    if not scheduler:
        choose(options.isolation)
    executor = choose_executor(options.jobs, scheduler)
    with locked(out) as since, ClassRecorder(options.root, out) as gradebook:
        remove_leftovers(out)
        planned = plan_class(files, options.root, out=out, assignment=assignment, force=force)
        gradebook.read_rosters(dict.fromkeys(one.slug for one in planned), roster)
        reports: dict[int, Report] = {}
        for one in planned:
            if one.before is not None and not one.why:
                reports[one.index] = one.before
                if progress:
                    progress(one.before)
        n_skipped = len(reports)
        for index, graded in _grade(planned, options, executor, force, gradebook):
            _keep(planned[index], graded, out)
            reports[index] = graded.report
            if progress:
                progress(graded.report)
        ordered = [reports[one.index] for one in planned]
        classes, notes = gradebook.write([(one, reports[one.index]) for one in planned])
        for note in notes:
            print(f"gradebook: {shown(note)}", file=sys.stderr)
        return ClassRun(ordered, n_skipped, _moved(planned, out, since), classes, gradebook.failed)


def plan_class(
    files: Sequence[Path | FoundFile],
    root: Path,
    *,
    out: Path,
    assignment: str | None = None,
    force: bool = False,
) -> list[Planned]:
    """What is to be done with each file, in the files' order. Nothing is written.

    Raises CourseError when an assignment is not in order, or was not released.
    """
    planned = []
    ready: set[str] = set()
    all_found = [as_found(file) for file in files]
    for index, (file, label) in enumerate(zip(all_found, labels(all_found), strict=True)):
        try:
            if file.why:
                raise AutograderError(file.why)
            slug = assignment or slug_of(file, root)
        except AutograderError as error:
            planned.append(
                Planned(index, file, UNKNOWN, folder_of(out, UNKNOWN, label), None, error.message)
            )
            continue
        if slug not in ready:
            digests(slug, root)  # before anything is read that they are about
            check_released(slug, root)
            ready.add(slug)
        planned.append(plan(index, file, slug, label, root=root, out=out, force=force))
    return planned


def search_in(root: Path, platform: str | None = None) -> Search:
    """What to look for in the folders of this course's submissions."""
    known, endings = slugs(root), name_endings(root)
    notebooks = {f"{name}.ipynb" for slug in known for name in load(slug, root).notebooks}
    return Search(
        notebooks,
        cast(Platform | None, platform),
        lambda name: _is_one(name, endings),
    )


def _is_one(name: str, endings: Mapping[str, str]) -> bool:
    """Is it a student's `Some_One_vae.zip`, and not a class's own `vae.zip`?"""
    return bool(slug_by_name(name, endings)) and name.partition(".")[0].lower() not in endings


def _grade(
    planned: list[Planned],
    options: Options,
    executor: Executor,
    force: bool,
    gradebook: ClassRecorder,
) -> Iterator[tuple[int, Graded]]:
    """Number and outcome of each file that is to be graded, as they finish."""
    tasks = []
    for one in planned:
        if one.slug == UNKNOWN:
            yield (
                one.index,
                Graded(waiting(one.file.name, UNKNOWN, safe_id(one.file.stem), one.why)),
            )
        elif one.why:
            tasks.append(Task(one.index, one.file, one.slug, None if force else one.before))

    def started() -> None:
        for task in tasks:
            gradebook.define(task.slug)

    if tasks:
        yield from executor.run(tasks, options, started)


def _keep(one: Planned, graded: Graded, out: Path) -> None:
    """Write what became of one file. The report comes last: with it the submission is done."""
    if one.before is not None:
        changes.append(
            out / "results" / one.slug, changes.compare(one.before, graded.report, one.why)
        )
    save(one.folder, graded)


def _moved(planned: list[Planned], out: Path, since: datetime) -> list[Change]:
    folders = dict.fromkeys(out / "results" / one.slug for one in planned)
    return [change for folder in folders for change in changes.since(folder, since)]
