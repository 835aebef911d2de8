"""The works of submissions as they come in: zips, folders, downloads, opened as the grader opens
them. Nothing in them is run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.class_run.class_results import ClassResults, StudentResult, settle_class
from autograder.class_run.which_assignment import slug_by_name
from autograder.course.assignment import Assignment, slugs
from autograder.course.released import release_notebook
from autograder.errors import AutograderError, RejectedSubmission
from autograder.intake.find import Search, find
from autograder.intake.found_file import FoundFile
from autograder.intake.read import read_submission
from autograder.intake.roster import Roster, key
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import clean, shown, utf8
from autograder.intake.who import identify
from autograder.report import Report
from autograder.similarity.graded import LABEL_CHARS
from autograder.similarity.works import OWN, Piece, Work, Works, within_limits


def handed_in_works(
    paths: Sequence[Path],
    assignment: Assignment,
    root: Path,
    *,
    year: str = "",
    known: ClassResults | None = None,
    roster: Roster | None = None,
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> Works:
    """The submissions that count, of files and folders. A file that cannot be opened is noted.

    known: a class that was graded, by which the file that counts is chosen where it names one of
    these. Without it, it is settled as `autograder grade` does. Raises UsageError when a path does
    not exist or has no submission.
    """
    names = {f"{name}.ipynb" for name in assignment.notebooks}
    every = slugs(root)
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
    pieces: dict[str, list[Piece]] = {}
    for number, file in enumerate(files):
        if progress:
            progress()
        label = f"{number:06d}"
        if opened := _opened(file, assignment, found.notes):
            submission, digest = opened
            reports[label] = _report(file, submission, digest, assignment)
            pieces[label] = _pieces(submission, assignment, root, file, found.notes)
    results = settle_class(reports, assignment, roster)
    counting = _counting(results, reports, known)
    for label, students in counting.items():
        first = students[0]
        found.works.append(
            Work(
                label=", ".join(clean(one.name or one.id, LABEL_CHARS) for one in students),
                file=clean(first.file, LABEL_CHARS),
                people=frozenset(key(one.id) for one in students),
                pieces=pieces[label],
                group=first.group,
                year=year,
            )
        )
    found.notes += [
        f"not compared, waits for a person: {clean(one.why, 300)}"
        for one in results.waiting
        if one.folder not in counting
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
    except RejectedSubmission as error:
        notes.append(f"not compared, {name}: {clean(error.message, 300)}")
        return None
    except AutograderError as error:
        notes.append(f"not compared, {name}: {clean(error.message, 300)}")
        return None
    return opened, hashlib.sha256(data).hexdigest()


def _report(
    file: FoundFile, submission: Submission, digest: str, assignment: Assignment
) -> Report:
    """As much of a report as settling who counts needs."""
    student = submission.student or identify(file.name, assignment, file.sender)
    return Report(
        assignment=assignment.slug,
        file=utf8(file.name),
        sha256=digest,
        status="graded",
        student=student,
        sender=file.sender,
        handed_in=submission.handed_in,
    )


def _pieces(
    submission: Submission,
    assignment: Assignment,
    root: Path,
    file: FoundFile,
    notes: list[str],
) -> list[Piece]:
    from autograder.align.align import align

    made: list[Piece] = []
    for name in assignment.notebooks:
        if name not in submission.notebooks:
            continue
        release = release_notebook(root, assignment.slug, name)
        aligned = align(submission.notebooks[name], release, assignment, name)
        if aligned.problem:
            notes.append(f"{shown(file.name)}: {clean(aligned.problem, 300)}")
        for cell in aligned.cells:
            kind = "code" if cell.cell_type == "code" else "text"
            if cell.kind in ("answer", "analysis") and not cell.blank:
                made.append(Piece(cell.name, kind, _without_marker(cell.source)))
            elif cell.kind == "own":
                made.append(Piece(OWN, kind, cell.source))
    return within_limits(iter(made), shown(file.name), notes)


def _without_marker(source: str) -> str:
    from dgm.handin.cell_rules import without_marker

    return without_marker(source)


def _counting(
    results: ClassResults, reports: dict[str, Report], known: ClassResults | None
) -> dict[str, list[StudentResult]]:
    """By label, the students for whom a file counts."""
    counted: dict[str, list[StudentResult]] = {}
    by_digest = {report.sha256: label for label, report in reports.items()}
    settled: set[str] = set()
    for student in known.students if known else []:
        if label := by_digest.get(student.sha256):
            counted.setdefault(label, []).append(student)
            settled |= {key(student.id), student.sha256}
            settled |= {reports[label].file for label in reports if reports[label].file in
                        {one.file for one in student.others}}
    for student in results.students:
        known_file = reports[student.folder].sha256 in settled or student.file in settled
        if key(student.id) not in settled and not known_file:
            counted.setdefault(student.folder, []).append(student)
    return counted
