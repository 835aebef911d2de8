"""Grade a class: many submissions on several processes, and all that is written of it (reports, gradebook, notebooks, CSV)."""

from __future__ import annotations

import itertools
import os
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from autograder.assignment import load, slugs
from autograder.errors import AutograderError, RejectedSubmission
from autograder.grade import Graded, Options, grade_one, release_notebook
from autograder.intake import identify, read_file
from autograder.intake.text import safe_id, utf8
from autograder.report import Report, Student, to_json, write_atomically

UNKNOWN = "unknown"
"""Stands for the assignment of a file whose name does not tell it."""


def course_secret(root: Path) -> str:
    """What seeds the hidden checks' inputs: `$AUTOGRADER_SECRET`, else a file made once, which only its owner can read."""
    if given := os.environ.get("AUTOGRADER_SECRET"):
        return given
    file = root / ".autograder-secret"
    if not file.exists():
        try:
            with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(16) + "\n")
        except FileExistsError:
            pass
    return file.read_text(encoding="ascii").strip()


def slug_of(file: str, root: Path) -> str:
    """Which assignment a file hands in: the only one there is, or the one that its name ends with (`Some_One_vae.zip`)."""
    known = slugs(root)
    if len(known) == 1:
        return known[0]
    stem = Path(file).stem.lower()
    matches = [slug for slug in known if stem.endswith(f"_{slug}") or stem == slug]
    if len(matches) != 1:
        raise AutograderError(f"{file}: which assignment is it? Pass --assignment with one of {', '.join(known)}")
    return matches[0]


def grade_class(
    files: list[Path], options: Options, *, out: Path, assignment: str | None = None, progress: Callable[[Report], None] | None = None
) -> list[Report]:
    """Grade every file and write reports, gradebook, autograded notebooks and CSV under `out`; the reports in the files' order.

    A submission that our side cannot grade becomes a report that says so; it never stops the rest.
    """
    from autograder.sandbox.isolation import choose

    choose(options.isolation)
    graded: dict[int, Graded] = {}
    tasks: dict[int, tuple[Path, str]] = {}
    for index, file in enumerate(files):
        try:
            tasks[index] = file, assignment or slug_of(file.name, options.root)
        except AutograderError as error:
            graded[index] = Graded(_waiting(file, UNKNOWN, safe_id(file.stem), error.message))
    for slug in dict.fromkeys(slug for _, slug in tasks.values()):
        for name in load(slug, options.root).notebooks:
            release_notebook(options.root, slug, name)
    labels = _labels(files)
    for index, one in itertools.chain(graded.items(), _run_tasks(tasks, options)):
        graded[index] = one
        write_atomically(out / "results" / one.report.assignment / labels[index] / "report.json", to_json(one.report))
        if progress:
            progress(one.report)
    ordered = [graded[index] for index in range(len(files))]
    for note in _write_results(ordered, options.root, out):
        print(f"gradebook: {note}", file=sys.stderr)
    return [one.report for one in ordered]


def _labels(files: list[Path]) -> list[str]:
    """A folder name for each file's report: its stem, numbered where two folders hold a file of the same name."""
    seen: Counter[str] = Counter()
    labels = []
    for file in files:
        seen[file.stem] += 1
        labels.append(file.stem if seen[file.stem] == 1 else f"{file.stem}~{seen[file.stem]}")
    return labels


def _run_tasks(tasks: dict[int, tuple[Path, str]], options: Options) -> Iterator[tuple[int, Graded]]:
    """Each task's number and outcome, as they finish: on several processes unless `options.jobs` is 1 or there is but one task."""
    jobs = min(options.jobs or os.cpu_count() or 1, len(tasks))
    if jobs <= 1:
        for index, (file, slug) in tasks.items():
            yield index, _task(file, slug, options)
        return
    # spawn: a fork of a process that has used torch may hang in its thread pool
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        pending: dict[Future[Graded], int] = {pool.submit(_task, file, slug, options): index for index, (file, slug) in tasks.items()}
        for future in as_completed(pending):
            index = pending[future]
            try:
                yield index, future.result()
            except Exception as error:  # a broken pool: this file waits for staff
                yield index, _our_fault(*tasks[index], options, error)


def _task(file: Path, slug: str, options: Options) -> Graded:
    try:
        return grade_one(read_file(file), file.name, slug, options)
    except RejectedSubmission as error:  # larger than any archive that is read
        student = identify(file.name, load(slug, options.root))
        return Graded(Report(assignment=slug, file=utf8(file.name), sha256="", status="rejected", message=error.message, student=student))
    except Exception as error:
        return _our_fault(file, slug, options, error)


def _our_fault(file: Path, slug: str, options: Options, error: Exception) -> Graded:
    report = _waiting(file, slug, identify(file.name, load(slug, options.root)).id, "the grader itself had a problem")
    report.staff_notes = [f"{type(error).__name__}: {error}"]
    return Graded(report)


def _waiting(file: Path, slug: str, student_id: str, why: str) -> Report:
    message = f"this submission waits for a person: {why}"
    return Report(assignment=slug, file=utf8(file.name), sha256="", status="ungraded", message=message, student=Student(id=student_id))


def _write_results(graded: list[Graded], root: Path, out: Path) -> list[str]:
    """Gradebook, autograded notebooks and CSV; sentences for staff on what could not be recorded."""
    import nbformat

    from autograder.gradebook import record
    from autograder.tables import write_csv

    notes: list[str] = []
    for slug in dict.fromkeys(item.report.assignment for item in graded if item.report.assignment != UNKNOWN):
        mine = [item for item in graded if item.report.assignment == slug]
        pairs = ((item.report, {name: nbformat.reads(text, as_version=4) for name, text in item.notebooks.items()}) for item in mine)
        notes += record(out / "gradebook.db", out, load(slug, root), pairs, course=root).notes
        write_csv([item.report for item in mine], out / "results" / slug / "csv")
    return notes
