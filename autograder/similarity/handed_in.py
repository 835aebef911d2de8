"""The works of submissions as they come in: zips, folders, downloads, opened as the grader opens
them. Nothing in them is run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from dgm.handin.cell_rules import without_marker

from autograder.class_run.class_results import StudentResult, settle_class
from autograder.class_run.which_assignment import name_endings, slug_by_name
from autograder.course.assignment import Assignment
from autograder.course.released import release_notebook
from autograder.errors import AutograderError
from autograder.intake.find import Search, find
from autograder.intake.found_file import FoundFile
from autograder.intake.read import read_submission
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import clean, shown, utf8
from autograder.report import Report
from autograder.similarity.graded import work_of
from autograder.similarity.works import OWN, Piece, Works, within_limits


def handed_in_works(
    paths: Sequence[Path],
    assignment: Assignment,
    root: Path,
    *,
    year: str = "",
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> Works:
    """The submissions that count, of files and folders. A file that cannot be opened is noted.

    Which of several files of a student counts is settled by the rules of `autograder grade`. Raises
    UsageError when a path does not exist or has no submission.
    """
    names = {f"{name}.ipynb" for name in assignment.notebooks}
    every = name_endings(root)
    search = Search(notebooks=names, is_one=lambda name: bool(slug_by_name(name, every)))
    files = [
        file
        for file in find(paths, search).files
        if slug_by_name(file.own_name, every) in ("", assignment.slug)
    ]
    if expect:
        expect(len(files))
    found = Works()
    reports: dict[str, Report] = {}
    pieces: dict[str, dict[str, list[Piece]]] = {}
    for number, file in enumerate(files):
        if progress:
            progress()
        label = f"{number:06d}"
        if opened := _opened(file, assignment, found.notes):
            submission, digest = opened
            reports[label] = _report(file, submission, digest, assignment)
            pieces[label] = _pieces(submission, assignment, root, file, found.notes)
    results = settle_class(reports, assignment)
    for students in results.by_files:
        counted = within_limits(_counted(students[0], pieces), shown(students[0].file), found.notes)
        found.works.append(work_of(students, counted, year))
    found.notes += [
        f"not compared, waits for a person: {clean(one.why, 300)}"
        for one in results.waiting
        if one.folder not in results.counting
    ]
    return found


def _opened(
    file: FoundFile, assignment: Assignment, notes: list[str]
) -> tuple[Submission, str] | None:
    name = shown(file.name)
    if file.why:
        notes.append(f"not compared: {clean(file.why, 300)}")
        return None
    try:
        data = file.read_bytes()
        opened = read_submission(data, file.name, assignment, sender=file.sender)
    except AutograderError as error:
        notes.append(f"not compared, {name}: {clean(error.message, 300)}")
        return None
    return opened, hashlib.sha256(data).hexdigest()


def _report(file: FoundFile, submission: Submission, digest: str, assignment: Assignment) -> Report:
    """As much of a report as settling who counts needs."""
    return Report(
        assignment=assignment.slug,
        file=utf8(file.name),
        sha256=digest,
        status="graded",
        student=submission.student,
        sender=file.sender,
        handed_in=submission.handed_in,
        parts=submission.parts,
    )


def _counted(
    student: StudentResult, pieces: Mapping[str, Mapping[str, list[Piece]]]
) -> Iterator[Piece]:
    """What counts for a student. pieces: by label and notebook."""
    for one in student.parts.values() or [student]:
        for name, found in pieces[one.folder].items():
            if not student.parts or name in one.notebooks:
                yield from found


def _pieces(
    submission: Submission,
    assignment: Assignment,
    root: Path,
    file: FoundFile,
    notes: list[str],
) -> dict[str, list[Piece]]:
    """By notebook."""
    from autograder.align.align import align

    by_notebook: dict[str, list[Piece]] = {}
    for name in assignment.notebooks:
        if name not in submission.notebooks:
            continue
        release = release_notebook(root, assignment.slug, name)
        aligned = align(submission.notebooks[name], release, assignment, name)
        made = by_notebook.setdefault(name, [])
        if aligned.problem:
            notes.append(f"{shown(file.name)}: {clean(aligned.problem, 300)}")
        for cell in aligned.cells:
            kind: Literal["code", "text"] = "code" if cell.cell_type == "code" else "text"
            if cell.kind in ("answer", "analysis") and not cell.blank:
                made.append(Piece(cell.name, kind, without_marker(cell.source)))
            elif cell.kind == "own":
                made.append(Piece(OWN, kind, cell.source))
    return by_notebook
