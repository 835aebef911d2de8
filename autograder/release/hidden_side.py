"""What a release needs on the staff side: for each code question a suite that can be read and an
oracle of its signature, and for every topic a line in the syllabus.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import SYLLABUS, Assignment, suites_folder
from autograder.course.course_text import read_text
from autograder.course.python_text import parse_cell
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_in_order: set[str] = set()
"""What this process has checked: reading the suites of an assignment takes seconds."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_topics(assignment: Assignment, root: Path) -> None:
    """Every topic in `covers` must be in the syllabus. Raises CourseError that names the
    question.
    """
    file = root / SYLLABUS
    try:
        tables = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file}: {error}") from error
    topics = {topic for table in tables.values() if isinstance(table, dict) for topic in table}
    toml = root / "assignments" / assignment.slug / "assignment.toml"
    for name, question in assignment.questions.items():
        for topic in question.covers:
            if topic not in topics:
                raise CourseError(
                    f"{toml}: question {name} covers {topic!r}, which is not a topic of {file}. "
                    "Correct it, or add the topic there"
                )


def check_suites(assignment: Assignment, root: Path, sources: dict[str, NotebookNode]) -> None:
    """Every code question must have hidden checks that can be read, and an oracle that is called
    as the model solution is; every suite must have its question.

    sources: the instructor's notebooks by name. Raises CourseError that names the file.
    """
    from autograder.checks.suite import CHECKS, ORACLE, oracle, suite, suites_as_they_are_now

    folder = suites_folder(root) / assignment.slug
    asked = {question.name for question in assignment.with_checks()}
    for file in sorted(folder.glob(f"*/{CHECKS}")):
        if file.parent.name not in asked:
            raise CourseError(
                f"{file}: assignment.toml has no code question {file.parent.name!r}. Rename or "
                "remove the folder, or add the question"
            )
    cells = {cell.id: cell.source for notebook in sources.values() for cell in notebook.cells}
    state = _state(folder.parent, {name: cells[name] for name in asked})
    if state in _in_order:
        return
    with suites_as_they_are_now(root):
        for name in sorted(asked):
            suite(assignment.slug, name)
            found, solution = oracle(assignment.slug, name), parse_cell(cells[name])
            _check_signature(folder / name / ORACLE, name, found, solution)
    _in_order.add(state)


def _state(folder: Path, solutions: dict[str, str]) -> str:
    """A digest of the suites' code, wherever one imports from, and of the solutions."""
    digest = hashlib.sha256(repr((str(folder), sorted(solutions.items()))).encode())
    for file in sorted(folder.rglob("*.py")):
        digest.update(repr((str(file), file.read_bytes())).encode())
    return digest.hexdigest()


def _check_signature(
    file: Path, name: str, oracle: Callable[..., Any], solution: ast.Module
) -> None:
    """Raises CourseError when the oracle has other arguments than the function (or class) of its
    name in the model solution.
    """
    wanted = oracle.__name__ if isinstance(oracle, type) else name
    for node in solution.body:
        if isinstance(node, ast.ClassDef) and isinstance(oracle, type) and node.name == wanted:
            makers = [each for each in node.body if isinstance(each, Function)]
            arguments = next((each.args for each in makers if each.name == "__init__"), None)
            asked = _arguments(arguments)[1:] if arguments else []
            break
        if isinstance(node, Function) and node.name == wanted:
            asked = _arguments(node.args)
            break
    else:
        raise CourseError(
            f"{file}: the model solution of {name} defines no {wanted}. Give both the same name"
        )
    given = _parameters(oracle)
    if given != asked:
        raise CourseError(
            f"{file}: the oracle takes ({', '.join(given)}), the model solution of {name} takes "
            f"({', '.join(asked)}). Give both the same arguments"
        )


def _arguments(arguments: ast.arguments) -> list[str]:
    """The parameters in their order, `*` before those that are given by name only."""
    shown = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if arguments.vararg:
        shown.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        shown.append("*")
    shown += [each.arg for each in arguments.kwonlyargs]
    return shown + ([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])


def _parameters(function: Callable[..., Any]) -> list[str]:
    """As `_arguments`, of a function that was imported, or of a class without its `self`."""
    shown: list[str] = []
    named = False
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not named:
            shown.append("*")
        named = named or each.kind in (each.KEYWORD_ONLY, each.VAR_POSITIONAL)
        many = each.kind is each.VAR_POSITIONAL
        stars = "*" if many else "**" if each.kind is each.VAR_KEYWORD else ""
        shown.append(f"{stars}{each.name}")
    return shown
