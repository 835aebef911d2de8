"""What an audit in process of one question depends on, as a digest: an audit with a fixed secret
gives the same result again as long as the digest is the same.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from autograder.audit.in_process import read_in
from autograder.audit.known import FILE, known_answers
from autograder.course.assignment import load, suites_folder
from autograder.course.cell_kinds import kind_of
from autograder.course.model_answers import model_answers
from autograder.course.released import release_notebook
from autograder.grading.digests import (
    PACKAGE,
    combined,
    digests,
    files_below,
    helpers_and_data,
    versions,
)

AUDITOR = (
    *(f"audit/{name}.py" for name in ("grading", "in_process", "known", "results", "run")),
    *("checks", "course", "errors.py", "report.py", "sandbox", "worker"),
)
"""The folders and files of this package that decide what an audit in process finds."""


def audit_digest(slug: str, question: str, root: Path) -> str:
    """Of the question's checks, oracle and known answers, the notebook's set-up and model answers,
    the questions whose model answers read what these define, `dgm`, data, auditor, versions.
    """
    assignment = load(slug, root)
    notebook = assignment.questions[question].notebook
    answers = model_answers(root, slug, notebook)
    cells = [cell for one in known_answers(root, assignment, question) for cell in one.cells]
    bound = set().union(*map(_bound, [answers[question], *(cell.source for cell in cells)]))
    touched = {question, *(cell.question for cell in cells)}
    touched |= {name for name, source in answers.items() if read_in(source) & bound}
    decided = digests(slug, root).questions
    return combined(
        [
            *(f"{name} {decided[name]}" for name in sorted(touched & decided.keys())),
            *_set_up(root, slug, notebook),
            *(f"{name} {source}" for name, source in answers.items()),
            *files_below(root, [suites_folder(root) / slug / question / FILE]),
            _of_all(root),
        ]
    )


@cache
def _of_all(root: Path) -> str:
    """What every audit of the course depends on."""
    return combined(
        [
            *files_below(root, helpers_and_data(root)),
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


def _bound(source: str) -> set[str]:
    """The names that a cell defines: functions, classes, and what it assigns outside of them."""
    found = set[str]()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        else:
            found |= {
                inner.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
            }
    return found
