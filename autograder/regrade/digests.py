"""SHA-256s of what decides a score on our side, so that only what has changed is graded again.

Two parts: what decides every score of an assignment (the grader itself, the released notebooks, `dgm`, data, limits), and for each question
what decides its score alone (its table in assignment.toml, its suite, the oracles that the suite can reach, the questions that it uses).

The course's secret is in none of them: whoever has a report could try guesses of a weak secret against such a digest. Nor is the isolation:
it decides what an attack can do, not what an answer is worth. After a change of the secret, `autograder grade --force` grades all again.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from autograder.assignment import Assignment, Question, load
from autograder.regrade.oracles import CannotTell, identifiers, reachable

PACKAGE = Path(__file__).resolve().parent.parent
SUITES = PACKAGE / "suites"
REFERENCE = PACKAGE / "reference"

GRADER = (
    *("grade.py", "runner.py", "checks.py", "proxy.py", "assignment.py", "errors.py", "report.py", "submission.py", "notebooks.py"),
    *("regrade/digests.py", "regrade/oracles.py", "__init__.py", "reference/__init__.py", "align", "intake", "sandbox"),
)
"""The files and folders of this package that decide scores; a test holds them against what `autograder.grade` imports."""

LIBRARIES = ("torch", "numpy")
"""Packages whose version may change a result; `2.9.1+cpu` counts as 2.9, so that a laptop and a cluster can be alike."""


@dataclass(frozen=True)
class Digests:
    """`grader`: of what decides every score of an assignment; `questions`: of what decides one alone, by question. Hex."""

    grader: str
    questions: dict[str, str]


@cache
def digests(slug: str, root: Path) -> Digests:
    """The digests of an assignment as it is now, read once in a process: before the first suite is, so that a suite which is edited
    meanwhile is graded again the next time. Raises CourseError when assignment.toml is not in order."""
    assignment = load(slug, root)
    own = {name: _question(slug, question) for name, question in assignment.questions.items()}
    questions = {name: _combined([own[name], *(own[used] for used in _used(assignment, name))]) for name in own}
    return Digests(_grader(assignment, root), questions)


def _used(assignment: Assignment, name: str) -> list[str]:
    """The questions that `name` uses, and those that they use; sorted, without itself."""
    found: set[str] = set()
    waiting = list(assignment.questions[name].uses)
    while waiting:
        if (used := waiting.pop()) not in found:
            found.add(used)
            waiting += assignment.questions[used].uses
    return sorted(found - {name})


def _grader(assignment: Assignment, root: Path) -> str:
    """What decides every score: this grader, the release, what notebooks import and read, what a submission may use, versions."""
    notebooks = [root / "release" / assignment.slug / f"{name}.ipynb" for name in assignment.notebooks]
    course = [*notebooks, root / "assignments" / "dgm", root / "data"]
    rules = (assignment.notebooks, assignment.artifacts, assignment.archive_name, msgspec.to_builtins(assignment.limits))
    return _combined(
        [
            *_files(PACKAGE, [PACKAGE / name for name in GRADER]),
            *_files(root, course),
            repr(rules),
            *(f"{name} {_version(name)}" for name in LIBRARIES),
            ".".join(platform.python_version_tuple()[:2]),
        ]
    )


def _question(slug: str, question: Question) -> str:
    """What decides this question's score alone, without the questions that it uses."""
    table = (question.name, question.title, question.notebook, question.kind, question.points, question.bonus, question.uses)
    if not question.autograded:
        return _combined([repr(table)])
    file = SUITES / slug / f"test_{question.name}.py"
    return _combined([repr(table), *_files(PACKAGE, _shared(slug)), *_suite(file, slug, {question.name, *question.uses})])


def _shared(slug: str) -> list[Path]:
    """What any suite of the assignment may take from its folder or from the one above: every module that is no suite itself."""
    return [file for folder in (SUITES, SUITES / slug) for file in sorted(folder.glob("*.py")) if not file.name.startswith("test_")]


def _suite(file: Path, slug: str, names: set[str]) -> Iterator[str]:
    """The suite, and the part of the oracles that it can reach: by any name in it that an oracle has, or by one of `names`.

    Text that decides nothing (comments, layout) does not count. Where it cannot be told what a suite reaches, all oracles count.
    """
    if not file.is_file():
        yield "no suite"
        return
    oracles = REFERENCE / f"{slug}.py"
    try:
        suite = ast.parse(file.read_bytes())
        for shared in _shared(slug):
            names = names | identifiers(ast.parse(shared.read_bytes()))
        yield ast.dump(suite)
        yield from reachable(suite, oracles, names, f"autograder.reference.{slug}")
    except (SyntaxError, ValueError, OSError, CannotTell):
        yield from _files(PACKAGE, [file, REFERENCE, *sorted((SUITES / slug).glob("*.py"))])


def _files(base: Path, places: Iterable[Path]) -> Iterator[str]:
    """A line for each file in `places` (files, or folders with all that is below them): its place below `base`, and its digest."""
    for place in places:
        files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
        for file in files:
            name = file.relative_to(base)
            if file.suffix != ".pyc" and not any(part.startswith((".", "__pycache__")) for part in name.parts):
                with file.open("rb") as stream:
                    yield f"{name.as_posix()} {hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _combined(parts: Iterable[str]) -> str:
    """One digest of several texts, with their lengths, so that no two lists of texts run together to the same."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return ".".join(version(package).split(".")[:2])
    except PackageNotFoundError:
        return "none"
