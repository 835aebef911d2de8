"""Every package that is imported is declared, in the group of those who need it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]

NEEDS = {
    "assignments": ["student"],
    "autograder": ["student", "staff"],
    "autograder/executor": ["student", "staff", "cluster"],
    "scripts": ["student", "staff", "dev"],
    "benchmarks": ["student", "staff", "cluster", "dev"],
    "tests": ["student", "staff", "cluster", "dev"],
}
"""Folder -> the groups of packages that whoever runs its code has installed."""


def lines_of(file: str) -> list[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r"))]


def names_of(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


GROUPS = {
    "student": names_of(lines_of("assignments/requirements.txt")),
    **{name: names_of(requirements) for name, requirements in EXTRAS.items()},
}


def files_of(folder: str) -> Iterator[Path]:
    """The folder's modules, without those of a folder below it that has its own groups."""
    others = [ROOT / name for name in NEEDS if name.startswith(f"{folder}/")]
    for file in sorted((ROOT / folder).rglob("*.py")):
        if not any(file.is_relative_to(other) for other in others):
            yield file


def imported(file: Path) -> Iterator[str]:
    """The top-level names of the modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def our_own() -> set[str]:
    """The names of our folders and modules (tests import their neighbours by name)."""
    folders = {"autograder", "dgm", "tests", "benchmarks"}
    return folders | {file.stem for file in (ROOT / "tests").rglob("*.py")}


@pytest.mark.parametrize("folder", NEEDS)
def test_what_is_imported_is_declared(folder: str) -> None:
    known = packages_distributions()
    declared = set().union(*(GROUPS[group] for group in NEEDS[folder]))
    missing: dict[str, set[str]] = {}
    for file in files_of(folder):
        for module in set(imported(file)) - sys.stdlib_module_names - our_own():
            names = {canonicalize_name(name) for name in known.get(module, [module])}
            if not names & declared:
                missing.setdefault(module, set()).add(file.relative_to(ROOT).as_posix())
    assert not missing, f"declare in pyproject.toml ({', '.join(NEEDS[folder])}): {missing}"


def test_requirements_txt_is_the_students_list_and_the_staffs_extra() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "\n-r assignments/requirements.txt\n" in text
    ours = {str(Requirement(line)) for line in lines_of("requirements.txt")}
    assert ours == {str(Requirement(line)) for line in EXTRAS["staff"]}


def test_nbconvert_is_newer_than_its_path_traversals() -> None:
    (nbconvert,) = [line for line in EXTRAS["staff"] if line.startswith("nbconvert")]
    assert not Requirement(nbconvert).specifier.contains("7.17.0")


def test_tested_versions_satisfy_what_is_declared() -> None:
    """constraints.txt pins every direct dependency but torch, which depends on the machine."""
    pinned = {
        canonicalize_name(requirement.name): next(iter(requirement.specifier)).version
        for requirement in map(Requirement, lines_of("constraints.txt"))
    }
    declared = [
        *lines_of("assignments/requirements.txt"),
        *(each for ex in EXTRAS.values() for each in ex),
    ]
    for requirement in map(Requirement, declared):
        name = canonicalize_name(requirement.name)
        if name in ("torch", "torchvision"):
            assert name not in pinned
        elif name != "dgm-course":
            assert requirement.specifier.contains(pinned[name]), name
