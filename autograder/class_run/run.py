"""Grade a class: many submissions on several processes, and all that is written of it (reports, gradebook, notebooks, CSV).

A run may be killed at any point. The next one on the same `out` grades what is left, and ends with what one unbroken run would have given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.class_run import changes
from autograder.class_run.changes import Change
from autograder.class_run.class_results import (
    ClassResults,
    counted_report,
    settle_class,
    unknown_class,
    write_class,
)
from autograder.class_run.plan import Planned, plan
from autograder.class_run.results_folder import (
    KeptNotebooks,
    all_reports,
    folder_of,
    keep_roster,
    labels,
    locked,
    remove_leftovers,
    save,
)
from autograder.class_run.which_assignment import UNKNOWN, slug_of
from autograder.course.assignment import load
from autograder.course.released import release_file
from autograder.errors import AutograderError
from autograder.executor.choose import Executor, choose_executor
from autograder.executor.tasks import Task, waiting
from autograder.grading.digests import digests
from autograder.grading.grade import Graded, Options
from autograder.intake.hand_in_time import parse_time
from autograder.intake.roster import Roster
from autograder.intake.untrusted_text import safe_id
from autograder.report import Report

if TYPE_CHECKING:
    from nbformat import NotebookNode

@dataclass(frozen=True)
class ClassRun:
    """What a run over a class gave: a report for each file, in the files' order; how many of them an earlier run had left, and were not
    graded again; the scores that moved, with those of an earlier run that was interrupted and
    which this one brought to its end; the classes as they stand now, one for each assignment."""

    reports: list[Report]
    n_skipped: int
    changes: list[Change]
    classes: list[ClassResults] = field(default_factory=list)


def grade_class(
    files: list[Path], options: Options, *, out: Path, assignment: str | None = None, progress: Callable[[Report], None] | None = None
) -> list[Report]:
    """Grade every file and write reports, gradebook, autograded notebooks and CSV under `out`; the reports in the files' order.

    A submission that our side cannot grade becomes a report that says so; it never stops the rest. What an earlier run on the same `out`
    has graded, and what nothing has changed for, is not graded again.
    Raises AutograderError when another run is writing to `out`, CourseError when an assignment is not in order.
    """
    return run_class(files, options, out=out, assignment=assignment, progress=progress).reports


def run_class(
    files: list[Path],
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

    force: grade all again. scheduler: address of the Dask cluster to grade on, in place of this machine's cores.
    roster: the class list (autograder/intake/roster.py), kept and used until another is given.
    Raises AutograderError, before anything is graded, when the roster cannot be read.
    """
    from autograder.sandbox.isolation import choose

    if not scheduler:
        choose(options.isolation)
    executor = choose_executor(options.jobs, scheduler)
    with locked(out) as since, _Gradebook(options.root, out) as gradebook:
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
            print(f"gradebook: {note}", file=sys.stderr)
        return ClassRun(ordered, n_skipped, _moved(planned, out, since), classes)


def plan_class(files: list[Path], root: Path, *, out: Path, assignment: str | None = None, force: bool = False) -> list[Planned]:
    """What is to be done with each file, in the files' order. Nothing is written.

    Raises CourseError when an assignment is not in order, or was not released.
    """
    planned = []
    ready: set[str] = set()
    for index, (file, label) in enumerate(zip(files, labels(files), strict=True)):
        try:
            slug = assignment or slug_of(file, root)
        except AutograderError as error:
            planned.append(Planned(index, file, UNKNOWN, folder_of(out, UNKNOWN, label), None, error.message))
            continue
        if slug not in ready:
            digests(slug, root)  # before anything is read that they are about
            for name in load(slug, root).notebooks:
                release_file(root, slug, name)
            ready.add(slug)
        planned.append(plan(index, file, slug, label, root=root, out=out, force=force))
    return planned


def _grade(
    planned: list[Planned], options: Options, executor: Executor, force: bool, gradebook: _Gradebook
) -> Iterator[tuple[int, Graded]]:
    """Number and outcome of each file that is to be graded, as they finish."""
    tasks = []
    for one in planned:
        if one.slug == UNKNOWN:
            yield one.index, Graded(waiting(one.file.name, UNKNOWN, safe_id(one.file.stem), one.why))
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
        changes.append(out / "results" / one.slug, changes.compare(one.before, graded.report, one.why))
    save(one.folder, graded)


def _moved(planned: list[Planned], out: Path, since: datetime) -> list[Change]:
    folders = dict.fromkeys(out / "results" / one.slug for one in planned)
    return [change for folder in folders for change in changes.since(folder, since)]


class _Gradebook:
    """The gradebook and the tables of a run. A thread puts the assignment's cells into it while the class is graded: with the import of
    nbgrader these are seconds that do not depend on any submission."""

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out, self._file = root, out, out / "gradebook.db"
        self._aside = ThreadPoolExecutor(1, "gradebook")
        self._defined: dict[str, Future[dict[str, NotebookNode]]] = {}
        self._rosters: dict[str, Roster | None] = {}

    def read_rosters(self, slugs: Iterable[str], roster: Path | None) -> None:
        """The class lists, before anything is graded: one that cannot be read costs no time."""
        for slug in slugs:
            if slug != UNKNOWN:
                self._rosters[slug] = keep_roster(self._out, slug, roster)

    def __enter__(self) -> _Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self._aside.shutdown()

    def define(self, slug: str) -> None:
        """Begin with an assignment's cells, when grading has started: not earlier, when all cores import torch. Again: nothing."""
        if slug not in self._defined:
            self._defined[slug] = self._aside.submit(self._define, slug)

    def _define(self, slug: str) -> dict[str, NotebookNode]:
        from autograder.gradebook.course import define

        return define(self._file, load(slug, self._root), self._root)

    def write(
        self, graded: list[tuple[Planned, Report]]
    ) -> tuple[list[ClassResults], list[str]]:
        """`class.json`, gradebook, autograded notebooks and CSV of every assignment in this run.

        Returns the classes, and sentences for staff on what could not be recorded.
        """
        classes, notes = [], []
        for slug in dict.fromkeys(one.slug for one, _ in graded):
            mine = {one.folder.name: report for one, report in graded if one.slug == slug}
            if slug == UNKNOWN:
                classes.append(unknown_class(mine, UNKNOWN))
                continue
            results, told = self._write_one(slug, mine)
            classes.append(results)
            notes += told
        return classes, notes

    def _write_one(self, slug: str, mine: dict[str, Report]) -> tuple[ClassResults, list[str]]:
        from autograder.gradebook.hand_in import HandIn, times_of_others
        from autograder.gradebook.record import Counted, record
        from autograder.publish.csv_files import write_csv

        assignment, folder = load(slug, self._root), self._out / "results" / slug
        reports, unread = all_reports(self._out, slug, mine)
        times = times_of_others(self._out, slug)
        roster = self._rosters.get(slug)
        results = settle_class(reports, assignment, roster, times, unread)
        write_class(results, folder)
        counted = []
        for one in results.students:
            report = counted_report(one, reports[one.folder])
            time = HandIn(parse_time(one.handed_in), one.time_from == "timestamp.txt")
            counted.append(Counted(report, KeptNotebooks(folder / one.folder, report), time))
        defined = self._defined[slug].result() if slug in self._defined else None
        recorded = record(
            self._file, self._out, assignment, counted, course=self._root, defined=defined
        )
        write_csv(results, reports, folder / "csv")
        return results, recorded.notes
