"""A planted course: a copy of what grading needs, with a random canary in everything that a student
must never see.
"""

from __future__ import annotations

import compileall
import os
import re
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.attack import SLUG

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("autograder", "assignments", "source", "release", "data")
LIMITS = {"cell_s": 4, "call_s": 2, "submission_s": 60, "memory_mb": 512}
"""Short, so that an attack that hangs is soon over; `memory_mb` small, so that a flood is."""

REGIONS = {"solutions": "### BEGIN SOLUTION", "schemes": "### BEGIN MARK SCHEME"}


@dataclass(frozen=True)
class PlantedCourse:
    """The copy at `root`, and its canaries by what they lie in."""

    root: Path
    canaries: dict[str, str] = field(
        default_factory=lambda: {
            name: f"CANARY-{name}-{secrets.token_hex(8)}"
            for name in (
                "suites",
                "oracles",
                "solutions",
                "schemes",
                "secret",
                "environment",
                "token",
                "submission",
            )
        }
    )

    @property
    def environment(self) -> dict[str, str]:
        """What the grader runs with: the copy before every other package, and two secrets of its
        own.
        """
        own = {
            "PYTHONPATH": os.pathsep.join([str(self.root), str(self.root / "assignments")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AUTOGRADER_COURSE": str(self.root),
            "AUTOGRADER_SECRET": self.canaries["environment"],
            "COURSE_STAFF_TOKEN": self.canaries["token"],
        }
        return {**os.environ, **own}


def plant(folder: Path) -> PlantedCourse:
    """Copy the course to `folder/course` and plant its canaries.

    Raises RuntimeError when Python would import another grader than the copy.
    """
    course = PlantedCourse(folder / "course")
    for name in COPIED:
        shutil.copytree(
            ROOT / name, course.root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "nbgrader_config.py", course.root)
    _shorten_limits(course.root / "assignments" / SLUG / "assignment.toml")
    for kind, files in (("suites", "suites/*/*/checks.py"), ("oracles", "suites/*/*/oracle.py")):
        for file in (course.root / "autograder").glob(files):
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f'\n\nSTAFF_ONLY = "{course.canaries[kind]}"\n')
    for file in (
        *course.root.glob("source/*/*.ipynb"),
        *course.root.glob("assignments/*/*.py"),
        *course.root.glob("assignments/*/*.md"),
    ):
        _plant_in_regions(file, course.canaries)
    secret = course.root / ".autograder-secret"
    secret.write_text(course.canaries["secret"] + "\n", encoding="ascii")
    secret.chmod(0o600)
    compileall.compile_dir(
        course.root / "autograder", quiet=1
    )  # as an installed package is; the run itself writes no bytecode
    _expect_import(course)
    return course


def _shorten_limits(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = "".join(f"{name} = {value}\n" for name, value in LIMITS.items())
    short, count = re.subn(r"(?m)^\[limits\]\n(?:\w+ = .*\n)*", f"[limits]\n{lines}", text)
    if count != 1:
        raise RuntimeError(f"{file} has no [limits]: the planted course needs short ones")
    file.write_text(short, encoding="utf-8")


def _plant_in_regions(file: Path, canaries: dict[str, str]) -> None:
    """A comment with the canary behind each opening marker, on its line: it is in the region, and
    no line of JSON or Python breaks.
    """
    text = file.read_text(encoding="utf-8")
    for kind, marker in REGIONS.items():
        text = text.replace(marker, f"{marker} {canaries[kind]}")
    file.write_text(text, encoding="utf-8")


def _expect_import(course: PlantedCourse) -> None:
    line = [
        sys.executable,
        "-c",
        "import autograder; from autograder.suites.vae.bernoulli_nll import oracle; "
        "print(autograder.__file__, oracle.STAFF_ONLY)",
    ]
    result = subprocess.run(
        line, cwd=course.root, env=course.environment, capture_output=True, text=True, check=False
    )
    if str(course.root) not in result.stdout or course.canaries["oracles"] not in result.stdout:
        raise RuntimeError(
            f"Python imports another grader than the planted one: {result.stdout or result.stderr}"
        )
