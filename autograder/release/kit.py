"""`dist/<slug>.zip`: all a student needs, in one folder that works wherever it is unzipped."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from string import Template

from autograder.course.assignment import Assignment, Question
from autograder.course.parts import part_of
from autograder.errors import CourseError

REQUIREMENTS = "assignments/requirements.txt"
COLLECT = "collect_submission.sh"
DATA_SUFFIXES = {".npz", ".safetensors"}
TEXTS = re.compile(r"README\.md\Z|LICENSE")
"""Data never travels without where it comes from and what may be done with it."""
README = Path(__file__).with_name("kit_readme.md")
# The earliest time that a zip can hold: a kit says nothing about when or where it was built.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def members(assignment: Assignment, root: Path, released: dict[str, bytes]) -> dict[str, bytes]:
    """The kit's files, archive path -> bytes: `released` (file name -> bytes), dgm, data,
    requirements, collect script, README.

    Without what the assignment's `kit_without` names. Raises CourseError when a file is missing in
    the course at `root`.
    """
    files = dict(released)
    files |= _package(root / "assignments" / "dgm", assignment)
    files |= _data(root / "data")
    files["requirements.txt"] = _student_requirements(root / REQUIREMENTS)
    files[COLLECT] = _read(root / COLLECT, "a kit cannot be handed in without it")
    files["README.md"] = _readme(assignment)
    return {f"{assignment.slug}/{name}": data for name, data in sorted(files.items())}


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """The same bytes for the same files: sorted names, one time stamp, 0644 (0755 for the collect
    script).
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.create_system = (
                3  # Unix, on every system: else the permissions would be read as DOS attributes
            )
            entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return buffer.getvalue()


def _package(folder: Path, assignment: Assignment) -> dict[str, bytes]:
    if not (folder / "__init__.py").is_file():
        raise CourseError(f"{folder} is not a package. The kit needs the helper package dgm")
    files = {}
    for file in sorted(folder.rglob("*")):
        if (
            file.is_file()
            and (file.suffix == ".py" or file.name == "py.typed")
            and ".ipynb_checkpoints" not in file.parts
        ):
            files[f"dgm/{file.relative_to(folder).as_posix()}"] = file.read_bytes()
    for name in assignment.kit_without:
        if files.pop(name, None) is None:
            raise CourseError(
                f"assignments/{assignment.slug}/assignment.toml: kit_without names {name!r}, which "
                "is not a file of the helper package. Write it as in the kit: dgm/check.py"
            )
    return files


def _data(folder: Path) -> dict[str, bytes]:
    ships = [
        file
        for file in sorted(folder.glob("*"))
        if file.suffix in DATA_SUFFIXES or TEXTS.match(file.name)
    ]
    return {f"data/{file.name}": file.read_bytes() for file in ships if file.is_file()}


def _student_requirements(file: Path) -> bytes:
    lines = _read(file, "it is what students install").decode().split("\n")
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]
    if not wanted:
        raise CourseError(f"{file} is empty: list what the notebooks import, one package a line")
    return ("\n".join(wanted) + "\n").encode()


def _readme(assignment: Assignment) -> bytes:
    *first, last = [f"`{name}.ipynb`" for name in assignment.notebooks]
    bonus = sum(question.points for question in assignment.questions.values() if question.bonus)
    rows = [
        f"| {question.title} | `{question.notebook}.ipynb` | "
        f"{question.points:g}{' (bonus)' if question.bonus else ''}"
        f"{''.join(f' ({title})' for title in _titles(assignment, question))} |"
        for question in assignment.questions.values()
    ]
    fields = {
        "title": assignment.title,
        "slug": assignment.slug,
        "due": ("in parts, the last on " if assignment.parts else "") + _date(assignment.due)
        if assignment.due
        else "no due date is set",
        "parts": _parts(assignment) if assignment.parts else "",
        "notebooks": f"{', '.join(first)} and {last}" if first else last,
        "first_notebook": f"{assignment.notebooks[0]}.ipynb",
        "archive": _example_name(assignment),
        "artifacts": ", ".join(f"`{pattern}`" for pattern in assignment.artifacts) or "none",
        "total": f"{assignment.max_points:g} points"
        + (f", and up to {bonus:g} bonus points" if bonus else ""),
        "questions": "\n".join(rows),
        "choices": "".join(
            f"\n{choice.rule}. A question more than that costs nothing.\n"
            for choice in assignment.choices
        ),
    }
    return Template(README.read_text(encoding="utf-8")).substitute(fields).encode()


def _titles(assignment: Assignment, question: Question) -> list[str]:
    """Of the choice that a question is part of."""
    return [one.title for one in assignment.choices if question.name in one.questions]


def _date(time: datetime) -> str:
    return time.strftime("%d %B %Y, %H:%M %Z").lstrip("0").strip(" ,")


def _parts(assignment: Assignment) -> str:
    """When each part is due, and how it is handed in."""
    rows = []
    for name, part in assignment.parts.items():
        view = part_of(assignment, name)
        files = ", ".join(f"`{one}.ipynb`" for one in view.notebooks)
        command = f"`bash {COLLECT} --part {name}`"
        rows.append(
            f"| {part.title} | {files} | {view.max_points:g} | {_date(part.due)} | {command} |"
        )
    return "\n".join(
        [
            "\n",
            "| part | notebooks | points | due | hand in with |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "Hand in each part by its date. An archive of one part never replaces another part. "
            "Without",
            "`--part` the archive has all notebooks and counts for every part with an answer in "
            "it; whether it",
            "is late is decided for each part by that part's date.",
        ]
    )


def _example_name(assignment: Assignment) -> str:
    """The archive of a student called Ada Lovelace. Raises CourseError for a template with an
    unknown field.
    """
    fields = {
        "name": "Ada_Lovelace",
        "first": "Ada",
        "last": "Lovelace",
        "id": "12345",
        "slug": assignment.slug,
    }
    try:
        return assignment.archive_name.format(**fields)
    except (KeyError, IndexError, ValueError) as error:
        raise CourseError(
            f"archive_name {assignment.archive_name!r}: {error}; fields are {', '.join(fields)}"
        ) from error


def _read(file: Path, why: str) -> bytes:
    if not file.is_file():
        raise CourseError(f"{file} is missing: {why}")
    return file.read_bytes()
