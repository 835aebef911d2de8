"""What `autograder pdf` is given: zips, folders, a class's results, a student's own notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import Assignment, load
from autograder.errors import AutograderError, RejectedSubmission, UsageError
from autograder.intake.untrusted_text import safe_id, shown
from autograder.publish.pdf.supervise import Task, relabelled

if TYPE_CHECKING:
    from autograder.class_run.class_results import StudentResult
    from autograder.class_run.results_folder import KeptNotebooks
    from autograder.report import Report

MAX_NOTEBOOK_BYTES = 20 * 2**20


def tasks_for(paths: Sequence[Path], root: Path | None, assignment: str | None) -> list[Task]:
    """The PDFs to make. root: the course; None where there is none, as on a student's machine.

    Raises UsageError for a path that has nothing to typeset, AutograderError that names a file that
    cannot be read.
    """
    notebooks = [path for path in paths if path.suffix == ".ipynb" and path.is_file()]
    tasks = [_own(notebooks, root, assignment)] if notebooks else []
    for path in paths:
        if path not in notebooks:
            tasks += _of_path(path, root, assignment)
    return relabelled(tasks)


def _of_path(path: Path, root: Path | None, assignment: str | None) -> list[Task]:
    from autograder.class_run.class_results import CLASS

    if path.is_file():
        return [_zip(path, _course(root, path), assignment)]
    if not path.is_dir():
        raise UsageError(f"there is no file or folder {shown(path)}")
    zips = [file for file in sorted(path.iterdir()) if file.suffix.lower() == ".zip"]
    if zips:
        return [_zip(file, _course(root, path), assignment) for file in zips]
    if (path / CLASS).is_file():
        return _class(path, _course(root, path))
    if (path / "report.json").is_file():
        return [_report(path, _course(root, path))]
    if notebooks := sorted(path.glob("*.ipynb")):
        return [_own(notebooks, root, assignment)]
    raise UsageError(
        f"{shown(path)} has nothing to typeset: neither zip files nor notebooks, and it is not "
        "the results folder of an assignment"
    )


def _course(root: Path | None, path: Path) -> Path:
    if root is None:
        raise UsageError(
            f"{shown(path)} needs its course: run the command in a course's folder, or set "
            "AUTOGRADER_COURSE. Without a course only notebooks (.ipynb) can be typeset"
        )
    return root


def _zip(file: Path, root: Path, assignment: str | None) -> Task:
    from autograder.class_run.which_assignment import slug_of
    from autograder.intake.find import read_file

    slug = assignment or slug_of(file, root)
    title = load(slug, root).title

    def values() -> dict[str, Any]:
        try:
            return {"data": read_file(file)}
        except RejectedSubmission as error:
            raise AutograderError(error.message) from error

    return Task("zip", safe_id(file.stem), values, title, slug, {"file": file.name})


def _class(folder: Path, root: Path) -> list[Task]:
    """The submission that counts of each student."""
    from autograder.class_run.class_results import CLASS, read_class

    results = read_class(folder / CLASS)
    assignment = load(results.assignment, root)
    return [
        Task(
            "kept",
            student.id,
            partial(_counted, folder, student, assignment),
            assignment.title,
            assignment.slug,
            {
                "student_id": student.id,
                "student_name": student.name,
                "file": student.file,
                "handed_in": student.handed_in,
            },
        )
        for student in results.students
    ]


def _report(folder: Path, root: Path) -> Task:
    from autograder.report import read_all

    (report,) = read_all([folder / "report.json"])
    assignment = load(report.assignment, root)
    facts = {
        "student_id": report.student.id,
        "student_name": report.student.name,
        "file": report.file,
        "handed_in": report.handed_in.time if report.handed_in else "",
    }
    values = partial(_kept, folder, assignment)
    return Task(
        "kept", safe_id(report.student.id), values, assignment.title, assignment.slug, facts
    )


def _kept(folder: Path, assignment: Assignment) -> dict[str, Any]:
    """The notebooks beside a report. Raises AutograderError when nothing was kept."""
    from autograder.class_run.results_folder import KeptNotebooks
    from autograder.report import read_all

    (report,) = read_all([folder / "report.json"])
    return _of_report(report, KeptNotebooks(folder, report), folder, assignment)


def _counted(folder: Path, student: StudentResult, assignment: Assignment) -> dict[str, Any]:
    """The notebooks that count for a student, who may have handed in parts."""
    from autograder.class_run.class_results import counted_report
    from autograder.class_run.results_folder import kept_notebooks
    from autograder.report import read_all

    read = {name: read_all([folder / name / "report.json"])[0] for name in student.folders}
    report = counted_report(student, read)
    kept = kept_notebooks(folder, student, report)
    return _of_report(report, kept, folder / student.folder, assignment)


def _of_report(
    report: Report, kept: KeptNotebooks, folder: Path, assignment: Assignment
) -> dict[str, Any]:
    if not report.notebooks:
        raise AutograderError(report.message or f"{shown(folder)} has no notebooks")
    notebooks = {}
    for name in assignment.notebooks:
        if name in report.notebooks:
            notebooks[name] = _read(kept.file(name)).decode("utf-8", "replace")
    return {
        "notebooks": notebooks,
        "blank": [one.name for one in report.questions if one.blank or one.found == "missing"],
        "notes_first": report.notes[:20],
    }


def _own(files: Sequence[Path], root: Path | None, assignment: str | None) -> Task:
    """A student's own notebooks, or an unpacked submission where an assignment is named."""
    folder = files[0].parent
    if assignment:
        known = load(assignment, _course(root, files[0]))
        wanted = [file for file in files if file.stem in known.notebooks]
        if not wanted:
            raise UsageError(
                f"{shown(folder)} has no notebook of {assignment}: {', '.join(known.notebooks)}"
            )
        label = safe_id(folder.resolve().name) if len(files) > 1 else files[0].stem
        return Task(
            "notebooks",
            label,
            partial(_values, wanted, {}, known.title),
            known.title,
            assignment,
            {"file": folder.resolve().name},
        )
    kit, title, slug, order = _kit(folder)
    chosen = sorted(files, key=lambda file: order.get(file.stem, len(order)))
    label = safe_id(files[0].stem) if len(files) == 1 else slug or safe_id(folder.resolve().name)
    values = partial(_values, chosen, kit, title or label)
    return Task("own", label, values, title or label, slug)


def _values(
    files: Sequence[Path], kit: dict[str, list[tuple[str, str, str]]], title: str
) -> dict[str, Any]:
    return {"notebooks": {file.stem: _read(file) for file in files}, "kit": kit, "title": title}


def _kit(
    folder: Path,
) -> tuple[dict[str, list[tuple[str, str, str]]], str, str, dict[str, int]]:
    """A kit's assignment.json: the cells by notebook, title, slug, the notebooks' order."""
    from dgm.handin.errors import HandInError
    from dgm.handin.kit import load_kit

    if not (folder / "assignment.json").is_file():
        return {}, "", "", {}
    try:
        kit = load_kit(folder)
    except HandInError as error:
        raise AutograderError(f"{shown(folder)}: {error}") from error
    cells = {
        name: [(cell.id, cell.kind, cell.title) for cell in cells]
        for name, cells in kit.notebooks.items()
    }
    written = [
        name
        for name, cells in kit.notebooks.items()
        if not any(cell.kind == "answer" for cell in cells)
    ]
    order = [*written, *(name for name in kit.notebooks if name not in written)]
    return cells, kit.title, kit.slug, {name: number for number, name in enumerate(order)}


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_NOTEBOOK_BYTES + 1)
    except OSError as error:
        raise AutograderError(f"{shown(file)} cannot be read: {error.strerror}") from error
    if len(data) > MAX_NOTEBOOK_BYTES:
        raise AutograderError(
            f"{shown(file)} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB: clear its outputs"
        )
    return data
