"""Expressions of a model solution that the author quotes where students see them: in the text, a
docstring, a visible check. (Whole lines and files are the matter of leaks.py.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.course.python_text import parse_cell
from autograder.course.regions import SOLUTION, split
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

CALL, FORMULA = 20, 30
"""Characters without blanks from which an expression says where it comes from: one that calls
something, and one that does not (a question's text may well state `a / (1 - a)`).
"""


@dataclass(frozen=True)
class Expression:
    """What a solution returns, or most of what it computes. `text` is without blanks."""

    where: str
    written: str
    text: str


def check_quotes(sources: dict[str, NotebookNode], questions: set[str]) -> None:
    """Raise CourseError when a cell shows what the solution of a question returns, or half of what
    it computes.

    sources: the instructor's notebooks by name; questions: whose answers count.
    """
    secret = [
        expression
        for name, notebook in sources.items()
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id in questions
        for expression in _expressions(f"{name}/{cell.id}", cell.source)
    ]
    for name, notebook in sources.items():
        for cell in notebook.cells:
            seen = _without_blanks("\n".join(split(cell.source).visible))
            for expression in secret:
                if expression.text in seen:
                    raise CourseError(
                        f"{name}.ipynb: cell {cell.id} shows what the solution of "
                        f"{expression.where} computes: {expression.written!r}. Say it in other "
                        "words, or check with numbers"
                    )


def _expressions(where: str, source: str) -> Iterator[Expression]:
    inside = split(source).inside
    values: list[tuple[str, ast.expr, bool]] = []
    for node in ast.walk(parse_cell(source)):
        if not isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.AnnAssign):
            continue
        if node.value is None or inside.get(node.lineno) != SOLUTION:
            continue
        written = ast.get_source_segment(source, node.value) or ast.unparse(node.value)
        values.append((written, node.value, isinstance(node, ast.Return)))
    total = sum(len(_without_blanks(written)) for written, *_ in values)
    for written, value, returned in values:
        text = _without_blanks(written)
        calls = any(isinstance(each, ast.Call) for each in ast.walk(value))
        most = 2 * len(text) >= total
        if (returned or most) and len(text) >= (CALL if calls else FORMULA):
            yield Expression(where, " ".join(written.split()), text)


def _without_blanks(text: str) -> str:
    """So that line breaks, kinds of quotes and Markdown's backticks make no difference."""
    return "".join(text.split()).replace("'", '"').replace("`", "")
