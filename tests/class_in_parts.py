"""A class of three in a small assignment with two parts, in five hand-ins."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT / "tests" / "release") not in sys.path:
    sys.path.append(str(ROOT / "tests" / "release"))

from mini_course import Course, write_course  # noqa: E402

from autograder.release.release import release  # noqa: E402

PARTS = """
[parts.{0}]
title = "Code"
notebooks = ["lab"]
due = 2026-02-01T00:00:00Z

[parts.{1}]
title = "Written answers"
notebooks = ["theory"]
due = 2026-02-08T00:00:00Z

[questions.double]"""
DOUBLE, HALF = (f"def double(number):\n    return {text}" for text in ("number * 2", "abs(number)"))
LAB = {"double": DOUBLE, "growth_study": "It grows."}
THEORY = {"why_even": "Two divides it."}
HAND_INS = {
    "ada_mini_{0}": ("2026-01-31", {"lab": LAB}),
    "ben_mini": ("2026-02-02", {"lab": LAB | {"double": HALF}, "theory": {}}),
    "cleo_mini_{0}": ("2026-01-30", {"lab": {}}),
    "ada_mini_{1}": ("2026-02-08", {"theory": THEORY}),
    "ben_mini_{1}": ("2026-02-07", {"theory": THEORY}),
}
"""By name, when it was made and what is answered. Ben's first is late for the code, and his second
takes the place of its written part.
"""
FIRST_PART = 3
"""So many hand-ins are of the first part, or of both."""


def make_class_in_parts(root: Path, names: tuple[str, str] = ("code", "written")) -> Course:
    """The course, released, with the hand-ins in `submissions`. names: of the parts."""
    course = write_course(root)
    course.toml("due = 2030-01-31T22:00:00Z\n", "late_policy = { lost_per_day = 0.1 }\n")
    course.toml("\n[questions.double]", PARTS.format(*names))
    release("mini", course.root)
    (course.root / "submissions").mkdir()
    for name, (day, notebooks) in HAND_INS.items():
        _hand_in(course, f"{name}.zip".format(*names), day, notebooks)
    return course


def _hand_in(course: Course, name: str, day: str, notebooks: dict[str, dict[str, str]]) -> None:
    student, _, part = name.removesuffix(".zip").partition("_mini")
    manifest = {
        "schema": 1,
        "slug": "mini",
        "id": student,
        "name": student.title(),
        "created": f"{day}T10:00:00Z",
    } | ({"part": part[1:]} if part else {})
    with zipfile.ZipFile(course.root / "submissions" / name, "w") as archive:
        archive.writestr("submission.json", json.dumps(manifest))
        for notebook, answers in notebooks.items():
            made = course.notebook("release", notebook)
            for cell in made.cells:
                if (question := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
                    cell.source = answers[question]
            archive.writestr(f"{notebook}.ipynb", nbformat.writes(made))
