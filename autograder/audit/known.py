"""Known answers: `suites/<slug>/wrong/<question>__<what>.py` and `right/`, and the notebooks that they make.

The docstring of such a file is one sentence on the mistake (or the style); the rest is the code of the answer cell. Where one cell
is not enough, the headers of a lab's text separate more: `# %% answer="other"` replaces another answer as well, `# %%` is a scratch cell
of the student's own, after the cell before it.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.assignment import Assignment
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

HEADER = re.compile(r'^# %%(?: +answer="(?P<answer>\w+)")?[ \t]*$', re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell to put into the notebook: the answer of `question`, or (scratch) one of the student's own that follows that answer."""

    question: str
    source: str
    scratch: bool = False


@dataclass(frozen=True)
class KnownAnswer:
    """One file of `wrong/` or `right/`."""

    kind: Literal["wrong", "right"]
    question: str
    name: str
    sentence: str
    cells: tuple[Cell, ...]


def known_answers(folder: Path, assignment: Assignment, question: str | None = None) -> list[KnownAnswer]:
    """Every known answer of a suite's folder (or of one question), in the questions' order. Raises CourseError that names the file."""
    found = [
        read_known_answer(file, kind, assignment)
        for kind in ("wrong", "right")
        for file in sorted((folder / kind).glob("*.py"))
        if question is None or file.stem.partition("__")[0] == question
    ]
    order = list(assignment.questions)
    return sorted(found, key=lambda answer: order.index(answer.question))


def read_known_answer(file: Path, kind: Literal["wrong", "right"], assignment: Assignment) -> KnownAnswer:
    """Read one file. Raises CourseError that says how a known answer is named and written."""
    question, separator, _ = file.stem.partition("__")
    if not separator or not _is_code(question, assignment):
        raise CourseError(f"{file}: a known answer is called <question>__<what>.py; {question!r} is no code question of {assignment.slug}")
    text = file.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{file}: line {error.lineno}: {error.msg}") from error
    sentence = ast.get_docstring(tree)
    if not sentence or "\n" in sentence or len(tree.body) < 2:
        raise CourseError(f"{file}: the docstring is one sentence on what the answer does; below it stands the code of its cell")
    code = "".join(text.splitlines(keepends=True)[tree.body[0].end_lineno or 1 :])
    return KnownAnswer(kind, question, file.stem, sentence, tuple(_cells(code, question, assignment, file)))


def _is_code(question: str, assignment: Assignment) -> bool:
    return question in assignment.questions and assignment.questions[question].autograded


def _cells(code: str, question: str, assignment: Assignment, file: Path) -> list[Cell]:
    headers = list(HEADER.finditer(code))
    ends = [header.start() for header in headers] + [len(code)]
    cells = [Cell(question, code[: ends[0]].strip() + "\n")]
    for header, end in zip(headers, ends[1:], strict=True):
        answer = header["answer"]
        if answer is not None and (not _is_code(answer, assignment) or answer == question):
            raise CourseError(f"{file}: {header[0]}: {answer!r} is not another code question of {assignment.slug}")
        cells.append(Cell(answer or cells[-1].question, code[header.end() : end].strip() + "\n", scratch=answer is None))
    return cells


# Notebooks


@cache
def solutions(root: Path, slug: str, notebook: str) -> dict[str, str]:
    """The model solution's answer cells, by grade_id. Raises CourseError when the assignment was not built."""
    import nbformat

    file = root / "source" / slug / f"{notebook}.ipynb"
    if not file.is_file():
        raise CourseError(f"{file} is missing: run `autograder release {slug}` first")
    cells = nbformat.read(file, as_version=4).cells
    marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in cells if cell.cell_type == "code"]
    return {mark["grade_id"]: cell.source for cell, mark in marks if mark.get("solution")}


def handed_in(release: NotebookNode, answers: dict[str, str], cells: tuple[Cell, ...]) -> bytes:
    """The released notebook as a student hands it in: `answers` by grade_id, then the known answer's own cells, in their places."""
    import nbformat
    from nbformat import v4

    replaced = {cell.question: cell.source for cell in cells if not cell.scratch}
    made = copy.deepcopy(release)
    made.cells = []
    for cell in copy.deepcopy(release.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code" and name in answers:
            cell.source = f"# question: {name}\n{replaced[name]}" if name in replaced else answers[name]
        made.cells.append(cell)
        for number, scratch in enumerate(each for each in cells if each.scratch and each.question == name):
            made.cells.append(v4.new_code_cell(scratch.source, id=f"own-{name[:40]}-{number}".replace("_", "-")))
    return nbformat.writes(made).encode()
