"""Grade a class: many submissions on several processes, and all that is written of it (reports, gradebook, notebooks, CSV).

A run may be killed at any point. The next one on the same `out` grades what is left, and ends with what one unbroken run would have given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.class_run import changes
from autograder.class_run.changes import Change
from autograder.class_run.plan import Planned, plan
from autograder.class_run.results_folder import KeptNotebooks, earlier, folder_of, labels, locked, remove_leftovers, save
from autograder.class_run.who_counts import settle
from autograder.course.assignment import Assignment, load, slugs
from autograder.course.released import release_file
from autograder.errors import AutograderError
from autograder.executor.choose import Executor, choose_executor
from autograder.executor.tasks import Task, waiting
from autograder.grading.digests import digests
from autograder.grading.grade import Graded, Options
from autograder.intake.untrusted_text import safe_id, shown
from autograder.report import Report

if TYPE_CHECKING:
    from nbformat import NotebookNode

UNKNOWN = "unknown"
"""Stands for the assignment of a file whose name does not tell it."""


def slug_of(file: str, root: Path) -> str:
    """Which assignment a file hands in: the only one there is, or the one that its name ends with (`Some_One_vae.zip`)."""
    known = slugs(root)
    if len(known) == 1:
        return known[0]
    stem = Path(file).stem.lower()
    matches = [slug for slug in known if stem.endswith(f"_{slug}") or stem == slug]
    if len(matches) != 1:
        raise AutograderError(f"{shown(file)}: which assignment is it? Pass --assignment with one of {', '.join(known)}")
    return matches[0]


@dataclass(frozen=True)
class ClassRun:
    """What a run over a class gave: a report for each file, in the files' order; how many of them an earlier run had left, and were not
    graded again; the scores that moved, with those of an earlier run that was interrupted and which this one brought to its end."""

    reports: list[Report]
    n_skipped: int
    changes: list[Change]
    failed: list[str] = field(default_factory=list)
    """What could not be written to the gradebook, as sentences; the reports and the CSV files are complete all the same."""


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
) -> ClassRun:
    """`grade_class`, with what was skipped and whose score moved.

    force: grade all again. scheduler: address of the Dask cluster to grade on, in place of this machine's cores.
    """
    from autograder.sandbox.isolation import check_name, choose

    check_name(options.isolation)
    if not scheduler:
        choose(options.isolation)
    executor = choose_executor(options.jobs, scheduler)
    with locked(out) as since, _Gradebook(options.root, out) as gradebook:
        remove_leftovers(out)
        planned = plan_class(files, options.root, out=out, assignment=assignment, force=force)
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
        for note in gradebook.write([(one, reports[one.index]) for one in planned]):
            print(f"gradebook: {shown(note)}", file=sys.stderr)
        return ClassRun(ordered, n_skipped, _moved(planned, out, since), gradebook.failed)


def plan_class(files: list[Path], root: Path, *, out: Path, assignment: str | None = None, force: bool = False) -> list[Planned]:
    """What is to be done with each file, in the files' order. Nothing is written.

    Raises CourseError when an assignment is not in order, or was not released.
    """
    planned = []
    ready: set[str] = set()
    for index, (file, label) in enumerate(zip(files, labels(files), strict=True)):
        try:
            slug = assignment or slug_of(file.name, root)
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
        self.failed: list[str] = []

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

    def write(self, graded: list[tuple[Planned, Report]]) -> list[str]:
        """Gradebook, autograded notebooks and CSV; sentences for staff on what could not be recorded."""
        from autograder.publish.csv_files import write_csv

        notes: list[str] = []
        for slug in dict.fromkeys(one.slug for one, _ in graded if one.slug != UNKNOWN):
            assignment = load(slug, self._root)
            mine = [(one, report) for one, report in graded if one.slug == slug]
            reports, lost = settle([report for _, report in mine], earlier(self._out, slug, [one.folder for one, _ in mine]), assignment)
            pairs = [(report, KeptNotebooks(one.folder, report)) for (one, _), report in zip(mine, reports, strict=True)]
            notes += [*lost, *self._record(assignment, pairs)]
            write_csv(reports, self._out / "results" / slug / "csv")
        return notes

    def _record(self, assignment: Assignment, pairs: list[tuple[Report, KeptNotebooks]]) -> list[str]:
        """Write one assignment into the gradebook. What goes wrong there costs no report and no CSV file: it is noted in `failed`."""
        from autograder.gradebook.record import record

        slug = assignment.slug
        try:
            defined = self._defined[slug].result() if slug in self._defined else None
            recorded = record(self._file, self._out, assignment, pairs, course=self._root, defined=defined)
        except Exception as error:  # locked, broken, another course's: nbgrader and SQLAlchemy raise many kinds
            self.failed.append(unrecorded(self._file, slug, error))
            return []
        if recorded.n_failed:
            self.failed.append(unrecorded(self._file, slug, f"it refused {recorded.n_failed} submissions, which are listed above"))
        return recorded.notes


def unrecorded(gradebook: Path, slug: str, error: Exception | str) -> str:
    """The sentence for staff on a gradebook that could not be written."""
    told = str(getattr(error, "detail", "") or error).strip().split("\n")[0]
    return (
        f"{shown(gradebook)} is not up to date for {slug}: {shown(told)}. The reports and the CSV "
        "files are complete. Close what uses the gradebook, or move it away if it is broken; then "
        "run the same command again: no submission is graded twice"
    )
