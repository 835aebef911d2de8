"""Grade all rows in three classes (each of them one run) and judge what came of each."""

from __future__ import annotations

import contextlib
import csv
import io
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.class_run.run import plan_class, run_class, search_in
from autograder.cli.show import print_classes
from autograder.errors import AutograderError
from autograder.grading.grade import Options
from autograder.intake.find import find_submissions
from tests.handins import rows_archive, rows_files, rows_notebook, rows_sums  # noqa: F401
from tests.handins.row import ROWS, Kit, Row, Seen


@dataclass
class Verdict:
    """What came of a row; `problem` is empty where it is as it should be."""

    row: Row
    came: str
    problem: str = ""


@dataclass
class _Entry:
    row: Row
    kit: Kit
    judge: Generator[None, Seen, None]
    files: list
    error: str = ""


def grade_rows(
    folder: Path, course: Path, chosen: Sequence[Row] | None = None, jobs: int = 2
) -> list[Verdict]:
    """Make the files of the rows below `folder`, grade them, judge."""
    chosen = list(ROWS.values()) if chosen is None else chosen
    verdicts: dict[str, Verdict] = {}
    for one_class in dict.fromkeys((one.slug, one.roster, one.told) for one in chosen):
        mine = [one for one in chosen if (one.slug, one.roster, one.told) == one_class]
        slug, roster, told = one_class
        place = folder / "_".join([slug, *(["roster"] * roster), *(["told"] * told)])
        for verdict in _grade_class(mine, place, course, slug, jobs):
            verdicts[verdict.row.name] = verdict
    return [verdicts[one.name] for one in chosen]


def _grade_class(rows: list[Row], place: Path, course: Path, slug: str, jobs: int) -> list[Verdict]:
    entries = []
    for one in rows:
        kit = Kit(place / one.name, course, one.name, slug)
        judge = one.make(kit)
        next(judge)
        entry = _Entry(one, kit, judge, [])
        try:
            entry.files = _found(kit)
        except AutograderError as error:
            entry.error = error.message
        entries.append(entry)
    files = [file for entry in entries for file in entry.files]
    owner = [entry for entry in entries for _ in entry.files]
    out = place / "out"
    options = Options(root=course, isolation="none", secret="s", jobs=jobs)
    told = slug if rows[0].told else None
    planned = plan_class(files, course, out=out, assignment=told)
    run = run_class(files, options, out=out, assignment=told, roster=_roster(entries, place))
    folders = {one.folder.name: owner[one.index] for one in planned}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        print_classes(run.classes)
    return [_judge(entry, run, folders, planned, out, printed.getvalue()) for entry in entries]


def _found(kit: Kit) -> list:
    return find_submissions(kit.paths, search_in(kit.course, **kit.options))


def _roster(entries: list[_Entry], place: Path) -> Path | None:
    people = [person for entry in entries for person in entry.kit.roster]
    if not people:
        return None
    file = place / "roster.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(key for one in people for key in one)))
        writer.writeheader()
        writer.writerows(people)
    return file


def _judge(entry, run, folders, planned, out, printed) -> Verdict:
    reports = {
        one.folder.name: run.reports[one.index]
        for one in planned
        if folders[one.folder.name] is entry
    }
    students = [one for made in run.classes for one in made.students if one.folder in reports]
    waiting = [one for made in run.classes for one in made.waiting if one.folder in reports]
    seen = Seen(students, waiting, reports, entry.error, out, printed)
    came = entry.error or seen.brief()
    try:
        entry.judge.send(seen)
    except StopIteration:
        return Verdict(entry.row, came)
    except AssertionError as error:
        return Verdict(entry.row, came, str(error) or traceback.format_exc(limit=-1))
    except Exception as error:
        return Verdict(entry.row, came, f"{type(error).__name__}: {error}")
    raise AssertionError(f"{entry.row.name} yields twice")
