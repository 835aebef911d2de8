"""Mutants of a model solution: every operator at every place of its solution regions, each once;
and the list of equivalent ones.
"""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.audit.operators import OPERATORS
from autograder.course.assignment import Assignment, suites_folder
from autograder.course.regions import SOLUTION, split
from autograder.errors import CourseError


@dataclass(frozen=True)
class Mutant:
    """A changed answer cell. `digest` is of its code without comments, docstrings and layout;
    `line` counts in the original cell.
    """

    question: str
    operator: str
    line: int
    source: str
    digest: str
    diff: str


class Equivalent(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An entry of equivalent.toml: a mutant that is as right as the solution, and why. `diff` is
    for the reader.
    """

    question: str
    digest: str
    reason: str
    diff: str


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    reason: str
    diff: str


class _EquivalentFile(msgspec.Struct, forbid_unknown_fields=True):
    equivalent: list[_Entry] = []


def mutants_of(question: str, cell: str) -> list[Mutant]:
    """Every mutant of an answer cell, in the order of its lines. Raises CourseError when there is
    no solution region in it.
    """
    try:
        tree = ast.parse(cell)
    except SyntaxError as error:
        raise CourseError(
            f"the solution of {question} cannot be parsed: line {error.lineno}: {error.msg}"
        ) from error
    lines = {line for line, kind in split(cell).inside.items() if kind == SOLUTION}
    if not lines:
        raise CourseError(
            f"the solution of {question} has no ### BEGIN SOLUTION ... ### END SOLUTION"
        )
    without_docstrings(tree)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for name, line, changed in _changes(tree, lines):
        source = ast.unparse(changed)
        if source != original and source not in found and _compiles(source):
            digest = hashlib.sha256(source.encode()).hexdigest()[:16]
            found[source] = Mutant(
                question, name, line, source + "\n", digest, diff_of(original, source)
            )
    return sorted(found.values(), key=lambda mutant: mutant.line)


def without_docstrings(tree: ast.Module) -> None:
    """Take the docstrings out: no mutation, and no reason for another digest."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]


def _changes(tree: ast.Module, lines: set[int]) -> Iterator[tuple[str, int, ast.Module]]:
    words = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for inner in ast.walk(node)
        if inner is not node
    }
    places = [
        node
        for node in ast.walk(tree)
        if getattr(node, "lineno", None) in lines and id(node) not in words
    ]
    for name, operator in OPERATORS.items():
        for node in places:
            for replacement in operator(node):
                # the copy meets the node, finds it copied already, and takes the replacement for it
                yield name, node.lineno, copy.deepcopy(tree, {id(node): replacement})  # type: ignore[attr-defined]


def _compiles(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # "int object is not callable" and the like: what a mutant is
            compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def diff_of(before: str, after: str) -> str:
    """The lines that differ, `- ` before and `+ ` after."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return "\n".join(line.rstrip() for line in lines if line[0] in "-+")


def equivalents(
    root: Path, assignment: Assignment, question: str | None = None
) -> list[Equivalent]:
    """The reviewed entries of an assignment (or of one question). Raises CourseError as
    `read_equivalents` does.
    """
    folder = suites_folder(root) / assignment.slug
    return [
        entry
        for asked in assignment.with_checks(question)
        for entry in read_equivalents(folder / asked.name / "equivalent.toml", asked.name)
    ]


def read_equivalents(file: Path, question: str) -> list[Equivalent]:
    """The reviewed entries of one question; none where there is no file. Raises CourseError that
    names what is wrong.
    """
    if not file.is_file():
        return []
    try:
        entries = msgspec.convert(
            tomllib.loads(file.read_text(encoding="utf-8")), _EquivalentFile
        ).equivalent
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CourseError(f"{file}: {error}") from error
    seen: set[str] = set()
    for entry in entries:
        if not entry.reason.strip():
            raise CourseError(
                f"{file}: {entry.digest} has no reason: say why it is as right as the solution"
            )
        if entry.digest in seen:
            raise CourseError(f"{file}: {entry.digest} is listed twice")
        seen.add(entry.digest)
    return [Equivalent(question, entry.digest, entry.reason, entry.diff) for entry in entries]


def as_entry(digest: str, diff: str) -> str:
    """A survivor as an entry to paste, once there is a true reason to write into it."""
    return f"[[equivalent]]\ndigest = \"{digest}\"\nreason = \"\"\ndiff = '''\n{diff}\n'''"
