"""What is written of a class beside its reports: `class.json`, gradebook, notebooks for formgrader,
CSV files.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.class_run.class_results import (
    ClassResults,
    counted_report,
    settle_class,
    unknown_class,
    write_class,
)
from autograder.class_run.plan import Planned
from autograder.class_run.results_folder import (
    all_reports,
    keep_roster,
    kept_notebooks,
)
from autograder.class_run.which_assignment import UNKNOWN
from autograder.course.assignment import Assignment, load
from autograder.intake.hand_in_time import parse_time
from autograder.intake.roster import Roster
from autograder.intake.untrusted_text import shown
from autograder.report import Report

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.gradebook.record import Counted


class ClassRecorder:
    """The gradebook and the tables of a run. A thread puts the assignment's cells into it while the
    class is graded: with the import of nbgrader these are seconds that do not depend on any
    submission.
    """

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out, self._file = root, out, out / "gradebook.db"
        self._aside = ThreadPoolExecutor(1, "gradebook")
        self._defined: dict[str, Future[dict[str, NotebookNode]]] = {}
        self.failed: list[str] = []
        self._rosters: dict[str, Roster | None] = {}

    def read_rosters(self, slugs: Iterable[str], roster: Path | None) -> None:
        """The class lists, before anything is graded: one that cannot be read costs no time."""
        for slug in slugs:
            if slug != UNKNOWN:
                self._rosters[slug] = keep_roster(self._out, slug, roster)

    def __enter__(self) -> ClassRecorder:
        return self

    def __exit__(self, *_: object) -> None:
        self._aside.shutdown()

    def define(self, slug: str) -> None:
        """Begin with an assignment's cells, when grading has started: not earlier, when all cores
        import torch. Again: nothing.
        """
        if slug not in self._defined:
            self._defined[slug] = self._aside.submit(self._define, slug)

    def _define(self, slug: str) -> dict[str, NotebookNode]:
        from autograder.gradebook.course import define

        return define(self._file, load(slug, self._root), self._root)

    def write(self, graded: list[tuple[Planned, Report]]) -> tuple[list[ClassResults], list[str]]:
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
        from autograder.gradebook.record import Counted
        from autograder.publish.csv_files import write_csv

        assignment, folder = load(slug, self._root), self._out / "results" / slug
        reports, unread = all_reports(self._out, slug, mine)
        times = times_of_others(self._out, slug)
        roster = self._rosters.get(slug)
        results = settle_class(reports, assignment, roster, times, unread)
        write_class(results, folder)
        counted = []
        for one in results.students:
            report = counted_report(one, reports)
            time = HandIn(parse_time(one.handed_in), one.time_from == "timestamp.txt")
            notebooks = kept_notebooks(folder, one, report)
            sources = {
                name: part.sha256
                for part in one.parts.values()
                if part.status != "rejected"
                for name in part.notebooks
            }
            counted.append(Counted(report, notebooks, time, sources))
        notes = self._record(assignment, counted)
        write_csv(results, reports, folder / "csv")
        return results, notes

    def _record(self, assignment: Assignment, counted: list[Counted]) -> list[str]:
        """Write one assignment into the gradebook. What goes wrong there costs no report and no CSV
        file: it is noted in `failed`.
        """
        from autograder.gradebook.record import record

        slug = assignment.slug
        try:
            defined = self._defined[slug].result() if slug in self._defined else None
            recorded = record(
                self._file, self._out, assignment, counted, course=self._root, defined=defined
            )
        # locked, broken, another course's: nbgrader and SQLAlchemy raise many kinds
        except Exception as error:
            self.failed.append(unrecorded(self._file, slug, error))
            return []
        if recorded.n_failed:
            self.failed.append(
                unrecorded(
                    self._file,
                    slug,
                    f"it refused {recorded.n_failed} submissions, which are listed above",
                )
            )
        return recorded.notes


def unrecorded(gradebook: Path, slug: str, error: Exception | str) -> str:
    """The sentence for staff on a gradebook that could not be written."""
    told = str(getattr(error, "detail", "") or error).strip().split("\n")[0]
    return (
        f"{shown(gradebook)} is not up to date for {slug}: {shown(told)}. The reports and the CSV "
        "files are complete. Make room if the disk is full, close what uses the gradebook, or move "
        "it away if it is broken; then run the same command again: no submission is graded twice"
    )
