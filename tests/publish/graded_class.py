"""A small course, and a class in it that was graded and marked: what feedback and grades for
learning platforms are made from. One question's name, answer or error is an attack on whoever shows
it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tests" / "release") not in sys.path:
    sys.path.append(str(ROOT / "tests" / "release"))

from mini_course import Course, write_course  # noqa: E402

from autograder.class_run.run import ClassRun, run_class  # noqa: E402
from autograder.grading.grade import Options  # noqa: E402
from autograder.release.release import release  # noqa: E402

ATTACK = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>\u202e"
FULL = "def double(number):\n    return number + number"
CUBE = "def cube(number):\n    return number**3"
LONG = "Two divides it, " + "and again " * 50
ANSWERS: dict[str, tuple[str, dict[str, str]]] = {
    "al1815": (
        "Ada Full",
        {"double": FULL, "cube": CUBE, "growth_study": "It grows.", "why_even": LONG},
    ),
    "bt1912": (
        "Ben Positive",
        {"double": "def double(number):\n    return abs(number) * 2", "why_even": "Two."},
    ),
    "cb01": ("Cleo Blank", {}),
    "er02": (
        "Eva Raises",
        {"double": f"def double(number):\n    raise ValueError({ATTACK!r})", "cube": CUBE},
    ),
}


@dataclass(frozen=True)
class GradedClass:
    """The course, where it was graded into, and its gradebook."""

    course: Course
    out: Path

    @property
    def root(self) -> Path:
        return self.course.root

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.out / 'gradebook.db'}")

    def grade(self, **options: Any) -> ClassRun:
        files = sorted((self.root / "submissions").iterdir())
        return run_class(
            files, Options(root=self.root, isolation="none", jobs=1), out=self.out, **options
        )

    def mark(
        self, student: str, question: str, score: float | None = None, comment: str = "", **row: Any
    ) -> None:
        """As a person does in formgrader."""
        cell, notebook = question, "theory" if question == "why_even" else "lab"
        with self.gradebook() as gradebook:
            if score is not None or row:
                name = f"test_{cell}" if question in ("double", "cube") else cell
                grade = gradebook.find_grade(name, notebook, "mini", student)
                if score is not None:
                    grade.manual_score, grade.needs_manual_grade = score, False
                for field, value in row.items():
                    setattr(grade, field, value)
            if comment:
                found = gradebook.find_comment(cell, notebook, "mini", student)
                found.manual_comment = comment
            gradebook.db.commit()

    def mark_all(self) -> None:
        """Every question that waits gets half of its points."""
        with self.gradebook() as gradebook:
            for submission in gradebook.assignment_submissions("mini"):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.needs_manual_grade:
                            grade.manual_score = grade.max_score / 2
                            grade.needs_manual_grade = False
            gradebook.db.commit()


def make_graded_class(root: Path) -> GradedClass:
    """Ada full and late, Ben partly right, Cleo blank, Eva raising, Dan with a broken zip, Finn
    without a submission.
    """
    course = write_course(root)
    course.toml("2030-01-31T22:00:00Z", "2026-01-31T22:00:00Z")
    course.toml(
        'title = "A small assignment"',
        'title = "A small assignment"\nlate_policy = { lost_per_day = 0.1 }',
    )
    release("mini", root)
    (root / "submissions").mkdir()
    for student, (name, answers) in ANSWERS.items():
        created = "2026-02-02T00:00:00Z" if student == "al1815" else "2026-01-01T10:00:00Z"
        write_submission(course, root / "submissions", student, name, answers, created)
    (root / "submissions" / "Dan_Broken_mini.zip").write_bytes(b"PK\x03\x04 not the rest of a zip")
    return GradedClass(course, root / "out")


def write_submission(
    course: Course,
    folder: Path,
    student: str,
    name: str,
    answers: dict[str, str],
    created: str,
    change: Callable[[nbformat.NotebookNode], None] = lambda notebook: None,
) -> Path:
    """change: what else happens to each notebook."""
    file = folder / f"{name.replace(' ', '_')}_mini.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for notebook in ("lab", "theory"):
            made = course.notebook("release", notebook)
            for cell in made.cells:
                if (question := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
                    cell.source = answers[question]
            change(made)
            archive.writestr(f"{notebook}.ipynb", nbformat.writes(made))
        manifest = {"schema": 1, "slug": "mini", "name": name, "id": student, "created": created}
        archive.writestr("submission.json", json.dumps(manifest))
    return file
