"""What an audit in process of one question depends on, as a digest: an audit with a fixed secret
gives the same result again as long as the digest is the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from autograder.audit.known import FILE
from autograder.course.assignment import load, suites_folder
from autograder.course.cell_kinds import kind_of
from autograder.course.model_answers import model_answers
from autograder.course.released import release_notebook
from autograder.grading.digests import PACKAGE, combined, digests, files_below, versions

AUDITOR = ("audit", "checks", "course", "errors.py", "report.py", "sandbox", "worker")
"""The folders and files of this package that decide what an audit in process finds."""


def audit_digest(slug: str, question: str, root: Path) -> str:
    """Of the question's checks, oracle and known answers, the notebook's set-up and model answers,
    the questions whose model answers read what this one's defines, `dgm`, data, auditor, versions.
    """
    notebook = load(slug, root).questions[question].notebook
    answers = model_answers(root, slug, notebook)
    decided = digests(slug, root).questions
    readers = [name for name in answers if name in decided and _reads(answers, name, question)]
    return combined(
        [
            *(f"{name} {decided[name]}" for name in dict.fromkeys([question, *readers])),
            *_set_up(root, slug, notebook),
            *(f"{name} {source}" for name, source in answers.items()),
            *files_below(root, [suites_folder(root) / slug / question / FILE]),
            _of_all(root),
        ]
    )


@cache
def _of_all(root: Path) -> str:
    """What every audit of the course depends on."""
    helpers = [
        file for file in sorted((root / "assignments" / "dgm").glob("*")) if file.name != "handin"
    ]
    return combined(
        [
            *files_below(root, [*helpers, root / "data"]),
            *files_below(PACKAGE, [PACKAGE / name for name in AUDITOR]),
            *versions(),
        ]
    )


@cache
def _set_up(root: Path, slug: str, notebook: str) -> list[str]:
    """The code above the first answer, which an audit runs."""
    cells = release_notebook(root, slug, notebook).cells
    first = next(index for index, cell in enumerate(cells) if kind_of(cell) == "answer")
    return [cell.source for cell in cells[:first] if cell.cell_type == "code"]


def _reads(answers: dict[str, str], reader: str, question: str) -> bool:
    bound = set(_bound(ast.parse(answers[question])))
    return any(
        isinstance(node, ast.Name) and node.id in bound
        for node in ast.walk(ast.parse(answers[reader]))
    )


def _bound(tree: ast.Module) -> Iterator[str]:
    """The names that a cell defines."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id
