"""SHA-256s of what decides a score on our side, so that only what has changed is graded again.

Two parts: what decides every score of an assignment (the grader itself, the released notebooks,
`dgm`, data, limits), and for each question what decides its score alone (its table in
assignment.toml, its checks and its oracle, what they import by name from other questions, and the
questions that it uses).

The course's secret is in none of them: whoever has a report could try guesses of a weak secret
against such a digest. Nor is the isolation: it decides what an attack can do, not what an answer is
worth. After a change of the secret, `autograder grade --force` grades all again.
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

import dgm.handin
import msgspec

from autograder.course.assignment import Assignment, Question, load, suites_folder

PACKAGE = Path(__file__).resolve().parent.parent

GRADER = (
    *("align", "checks", "course", "grading", "intake", "sandbox", "worker"),
    *("__init__.py", "atomic_write.py", "errors.py", "report.py", "suites/__init__.py"),
)
"""The folders and files of this package that decide scores; a test holds them against what grading
imports.
"""

HANDIN = Path(dgm.handin.__file__).resolve().parent
HANDIN_RULES = (
    "blankness.py",
    "cell_repair.py",
    "cell_rules.py",
    "look_alikes.py",
    "text_encoding.py",
)
"""What the grader takes of the program that students hand in with: which cell is which, and what
counts as blank.
"""

SUITES = "autograder.suites"

LIBRARIES = ("torch", "numpy")
"""Packages whose version may change a result; `2.9.1+cpu` counts as 2.9, so that a laptop and a
cluster can be alike.
"""


@dataclass(frozen=True)
class Digests:
    """`grader`: of what decides every score of an assignment; `questions`: of what decides one
    alone, by question. Hex.
    """

    grader: str
    questions: dict[str, str]


@cache
def digests(slug: str, root: Path) -> Digests:
    """The digests of an assignment as it is now, read once in a process: before the first suite is,
    so that a suite which is edited meanwhile is graded again the next time. Raises CourseError when
    assignment.toml is not in order.
    """
    assignment = load(slug, root)
    own = {
        name: combined([_question(root, slug, question), *_choices(assignment, name)])
        for name, question in assignment.questions.items()
    }
    questions = {
        name: combined([own[name], *(own[used] for used in _used(assignment, name))])
        for name in own
    }
    return Digests(_grader(assignment, root), questions)


def _choices(assignment: Assignment, name: str) -> list[str]:
    """What decides whether a question counts; nothing for one that always does."""
    return [
        repr((choice.questions, choice.count))
        for choice in assignment.choices
        if name in choice.questions
    ]


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
    """What decides every score: this grader, the release, what notebooks import and read, what a
    submission may use, versions.
    """
    notebooks = [
        root / "release" / assignment.slug / f"{name}.ipynb" for name in assignment.notebooks
    ]
    course = [*notebooks, *helpers_and_data(root)]
    rules = (
        assignment.notebooks,
        assignment.artifacts,
        assignment.archive_name,
        {name: part.notebooks for name, part in assignment.parts.items()},
        msgspec.to_builtins(assignment.limits),
    )
    return combined(
        [
            *files_below(PACKAGE, [PACKAGE / name for name in GRADER]),
            *files_below(HANDIN, [HANDIN / name for name in HANDIN_RULES]),
            *files_below(root, course),
            repr(rules),
            *versions(),
        ]
    )


def helpers_and_data(root: Path) -> list[Path]:
    """What every notebook of a course may import and read."""
    helpers = sorted((root / "assignments" / "dgm").glob("*"))
    return [*(file for file in helpers if file.name != "handin"), root / "data"]


def _question(root: Path, slug: str, question: Question) -> str:
    """What decides this question's score alone, without the questions that it uses."""
    table = (
        question.name,
        question.title,
        question.notebook,
        question.kind,
        question.points,
        question.bonus,
        question.uses,
        msgspec.to_builtins(question.quality),
    )
    return combined(
        [
            repr(table),
            *(
                sorted(_suite(suites_folder(root), f"{slug}.{question.name}"))
                if question.has_checks
                else ()
            ),
        ]
    )


def _suite(suites: Path, name: str) -> Iterator[str]:
    """The checks and the oracle of a question (`vae.kl_divergence`), and every module of suites
    that they import, as syntax trees.

    Text that decides nothing (comments, layout) does not count. Of a file that cannot be parsed
    every byte does.
    """
    waiting, seen = [f"{name}.checks", f"{name}.oracle"], set[str]()
    while waiting:
        if (module := waiting.pop()) in seen:
            continue
        seen.add(module)
        file = _file_of(suites, module)
        try:
            tree = ast.parse(file.read_bytes())
        except OSError:
            yield f"{module} is missing"
            continue
        except (SyntaxError, ValueError):
            yield f"{module} {hashlib.sha256(file.read_bytes()).hexdigest()}"
            continue
        yield f"{module} {ast.dump(tree)}"
        waiting += [found for found in _imported(tree, module) if _file_of(suites, found).is_file()]


def _file_of(suites: Path, module: str) -> Path:
    return suites.joinpath(*module.split(".")).with_suffix(".py")


def _imported(tree: ast.Module, module: str) -> Iterator[str]:
    """The modules of `autograder.suites` that `module` imports, by their names below it; `from a
    import b` may name a module `b`.
    """
    for node in ast.walk(tree):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import | ast.ImportFrom)
            else []
        )
        if isinstance(node, ast.ImportFrom):
            above = [*SUITES.split("."), *module.split(".")][: -node.level] if node.level else []
            package = ".".join([*above, *([node.module] if node.module else [])])
            names = [package, *(f"{package}.{name}" for name in names)]
        yield from (
            name.removeprefix(f"{SUITES}.") for name in names if name.startswith(f"{SUITES}.")
        )


def files_below(base: Path, places: Iterable[Path]) -> Iterator[str]:
    """A line for each file in `places` (files, or folders with all that is below them): its place
    below `base`, and its digest.
    """
    for place in places:
        files = (
            [place]
            if place.is_file()
            else sorted(file for file in place.rglob("*") if file.is_file())
        )
        for file in files:
            name = file.relative_to(base)
            if file.suffix != ".pyc" and not any(
                part.startswith((".", "__pycache__")) for part in name.parts
            ):
                with file.open("rb") as stream:
                    yield f"{name.as_posix()} {hashlib.file_digest(stream, 'sha256').hexdigest()}"


def combined(parts: Iterable[str]) -> str:
    """One digest of several texts, with their lengths, so that no two lists of texts run together
    to the same.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def versions() -> Iterator[str]:
    """Python's version and those of the libraries, as far as they may change a result."""
    for package in LIBRARIES:
        try:
            yield f"{package} {'.'.join(version(package).split('.')[:2])}"
        except PackageNotFoundError:
            yield f"{package} none"
    yield ".".join(platform.python_version_tuple()[:2])
