"""Read a text notebook (jupytext percent or MyST) into cells that know where they stand and what
they are.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from autograder.course.course_text import read_text
from autograder.course.points import NAME
from autograder.errors import CourseError

FORMATS = {".py": "py:percent", ".md": "md:myst"}
Role = Literal["course", "answer", "check", "quality", "train", "analysis", "choose"]
ROLES: dict[str, Role] = {
    "answer": "answer",
    "check": "check",
    "quality": "quality",
    "train": "train",
    "analysis": "analysis",
    "choose": "choose",
}
CELL_TYPE = {
    "answer": "code",
    "check": "code",
    "quality": "code",
    "train": "code",
    "analysis": "markdown",
    "choose": "code",
}
MAY_BE_EMPTY = {"include", "quality", "choose"}
"""Headers of cells whose source the build makes."""
# Left in the metadata by jupytext for its own way back to text; no author writes them.
JUPYTEXT_KEYS = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}
INCLUDE = re.compile(r"# %%.*\binclude *=|:?include *:")
TEXT_INCLUDE = re.compile(r'\+\+\+ *\{.*"include" *:')
LONGEST_NAME = 59
"""`test_<name>` has to fit into the 64 characters that nbformat allows a cell id."""


@dataclass(frozen=True)
class TextCell:
    """One cell of a text notebook.

    name: the question or experiment that its header gives, "" for a course cell.
    include: the file of `assignments/includes/` whose code goes before the cell's own, or "".
    """

    file: Path
    number: int
    line: int | None
    cell_type: str
    source: str
    role: Role
    name: str
    tags: tuple[str, ...] = ()
    include: str = ""

    @property
    def where(self) -> str:
        shown = f'include="{self.include}"' if self.include else self.source
        if self.name:
            shown = f'{self.role}="{self.name}"'
        return _where(self.file, self.number, self.line, shown)

    def fail(self, message: str) -> NoReturn:
        raise CourseError(f"{self.where}: {message}")


def find(folder: Path, notebook: str) -> Path:
    """The text file of a notebook. Raises CourseError when there is none, or more than one."""
    found = [
        folder / f"{notebook}{suffix}"
        for suffix in FORMATS
        if (folder / f"{notebook}{suffix}").is_file()
    ]
    if not found:
        raise CourseError(
            f"{folder / 'assignment.toml'} has questions in notebook {notebook!r}, but there is "
            f"no {notebook}.py or {notebook}.md"
        )
    if len(found) > 1:
        raise CourseError(
            f"{folder}: notebook {notebook!r} is written twice, as {found[0].name} and "
            f"{found[1].name}"
        )
    return found[0]


def read(file: Path) -> list[TextCell]:
    """Read the cells of a text notebook in order. Raises CourseError that names the file and the
    cell.
    """
    import jupytext

    text = read_text(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # jupytext: code cells of one MyST file should name the same lexer
            notebook = jupytext.reads(text, fmt=FORMATS[file.suffix])
    except Exception as error:
        raise CourseError(f"{file}: jupytext cannot read it: {error}") from error
    lines = text.split("\n")
    _no_dropped_include(file, lines)
    cells: list[TextCell] = []
    start = 0
    for number, cell in enumerate(notebook.cells, 1):
        source = cell.source.strip("\n").rstrip()
        includes = "include" in cell.metadata
        line = _include_line(lines, start) if includes else _line_of(lines, source, start)
        start = line if line is not None else start
        cells.append(_text_cell(file, number, line, cell.cell_type, source, cell.metadata))
    return cells


def _text_cell(
    file: Path, number: int, line: int | None, cell_type: str, source: str, header: dict[str, Any]
) -> TextCell:
    def fail(message: str) -> NoReturn:
        raise CourseError(f"{_where(file, number, line, source)}: {message}")

    if not source and not MAY_BE_EMPTY & set(header):
        fail("the cell is empty")
    if cell_type not in ("code", "markdown"):
        fail(f"a {cell_type} cell; only code and markdown cells are released")
    roles = [ROLES[key] for key in header if key in ROLES]
    unknown = sorted(set(header) - set(ROLES) - JUPYTEXT_KEYS - {"tags", "include"})
    if unknown:
        hint = " (points belong in assignment.toml)" if "points" in unknown else ""
        known = f"{', '.join(ROLES)}, include, or tags"
        fail(f"unknown header {', '.join(map(repr, unknown))}; a header is one of {known}{hint}")
    if len(roles) > 1:
        fail(f"one cell cannot be {' and '.join(roles)}")
    role: Role = roles[0] if roles else "course"
    name = header.get(role, "")
    if role != "course":
        if not isinstance(name, str) or not NAME.match(name) or len(name) > LONGEST_NAME:
            fail(
                f"{role} name {name!r} must match [a-z][a-z0-9_]* and have at most "
                f"{LONGEST_NAME} characters"
            )
        if cell_type != CELL_TYPE[role]:
            fail(f"{role}={name!r} belongs on a {CELL_TYPE[role]} cell, this is a {cell_type} cell")
    include = header.get("include", "")
    if "include" in header:
        if not isinstance(include, str) or not NAME.match(include):
            fail(f"include name {include!r} must match [a-z][a-z0-9_]*, without a suffix")
        if role != "course" or cell_type != "code":
            of = f'one with {role}="{name}"' if role != "course" else f"a {cell_type} cell"
            fail(f"include={include!r} belongs on a separate locked code cell, this is {of}")
    tags = header.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        fail('tags must be a list of strings, as in tags=["hide-input"]')
    if "train" in tags:
        fail('the tag "train" is given by the header: write train="<name>"')
    return TextCell(file, number, line, cell_type, source, role, name, tuple(tags), include)


def _include_line(lines: list[str], start: int) -> int | None:
    """The 1-based line of the first header with an include at or after index `start`."""
    return next((n + 1 for n in range(start, len(lines)) if INCLUDE.match(lines[n])), None)


def _no_dropped_include(file: Path, lines: list[str]) -> None:
    """Refuse `+++ {"include": ...}`: jupytext drops an empty text cell, and the include with it."""
    for number, line in enumerate(lines, 1):
        if file.suffix == ".md" and TEXT_INCLUDE.match(line):
            advice = "only code cells include; write :include: <name> in a {code-cell}"
            raise CourseError(f"{file}:{number}: an include in a text cell; {advice}")


def _line_of(lines: list[str], source: str, start: int) -> int | None:
    """The 1-based line where a cell's first line stands at or after index `start`; the percent
    format comments markdown out.
    """
    first = source.split("\n", 1)[0].strip()
    for index in range(start, len(lines)):
        line = lines[index].strip()
        if first and (line == first or line.removeprefix("#").strip() == first):
            return index + 1
    return None


def _where(file: Path, number: int, line: int | None, source: str) -> str:
    first = next((part.strip() for part in source.split("\n") if part.strip()), "")
    shown = first if len(first) <= 60 else first[:57] + "..."
    at = f"{file}:{line}" if line else str(file)
    return f"{at}: cell {number}" + (f" ({shown!r})" if shown else "")
