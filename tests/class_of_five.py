"""A course of one small assignment with a grader of its own (a copy, so that suites can be edited),
and a class of five that is cheap.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "release"))

from mini_course import write_course  # noqa: E402

from autograder.course.assignment import slugs  # noqa: E402
from autograder.release.release import release  # noqa: E402
from autograder.report import Report, read  # noqa: E402

ANSWERS = {
    "Ada_Full": {
        "double": "def double(number):\n    return number + number",
        "cube": "def cube(number):\n    return number**3",
    },
    "Ben_Positive": {
        "double": "def double(number):\n    return abs(number) * 2",
        "growth_study": "It grows.",
        "why_even": "Two divides it.",
    },
    "Cleo_Blank": {},
    "Eva_Raises": {
        "double": "def double(number):\n    raise ValueError(number)",
        "cube": "def cube(number):\n    return number**3",
    },
}

KILLED_RUN = ROOT / "tests" / "killed_run.py"


@dataclass(frozen=True)
class SmallClass:
    """A checkout (course and grader) and the folder with what five students handed in."""

    root: Path

    @property
    def submissions(self) -> Path:
        return self.root / "submissions"

    @property
    def environment(self) -> dict[str, str]:
        """In which the class's own copy of the grader runs."""
        return {
            **{name: value for name, value in os.environ.items() if name != "AUTOGRADER_COURSE"},
            "PYTHONPATH": os.pathsep.join([str(self.root), str(self.root / "assignments")]),
            "AUTOGRADER_SECRET": "a secret of the tests",
            "OMP_NUM_THREADS": "1",
        }

    def change(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def grade(
        self, out: Path, *options: str, kill: tuple[str, str, str, int] = ("", "", "", 0)
    ) -> subprocess.CompletedProcess[str]:
        """`autograder grade` in a process group of its own, killed at a point or run to its end."""
        program = self.root / "killed.py"
        shutil.copyfile(KILLED_RUN, program)
        line = [
            sys.executable,
            str(program),
            *map(str, kill),
            "grade",
            str(self.submissions),
            "--out",
            str(out),
            "--jobs",
            "1",
        ]
        return subprocess.run(
            [*line, "--isolation", "none", *options],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            start_new_session=True,
        )


def make_class(root: Path) -> SmallClass:
    course = write_course(root)
    release("mini", root)
    copy_grader(root)
    (root / "submissions").mkdir()
    for name, answers in ANSWERS.items():
        with zipfile.ZipFile(root / "submissions" / f"{name}_mini.zip", "w") as archive:
            for notebook in ("lab", "theory"):
                made = _answered(course.notebook("release", notebook), answers)
                archive.writestr(f"{notebook}.ipynb", nbformat.writes(made))
            if name != "Cleo_Blank":
                archive.writestr("submission.json", json.dumps(_manifest(name)))
    (root / "submissions" / "Dan_Broken_mini.zip").write_bytes(b"PK\x03\x04 not the rest of a zip")
    return SmallClass(root)


def copy_grader(root: Path) -> None:
    """Without the suites of other courses."""
    shutil.copytree(
        ROOT / "autograder",
        root / "autograder",
        ignore=shutil.ignore_patterns("__pycache__", *slugs(ROOT)),
        dirs_exist_ok=True,
    )


def _manifest(name: str) -> dict[str, Any]:
    """As collect_submission.sh writes it, for those of whom the time of handing in is known."""
    return {
        "schema": 1,
        "slug": "mini",
        "name": name.replace("_", " "),
        "id": name,
        "created": "2026-01-01T10:00:00Z",
    }


def _answered(notebook: nbformat.NotebookNode, answers: dict[str, str]) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
            cell.source = answers[name]
    return notebook


def reports(out: Path) -> dict[str, Report]:
    """By student: the name of the file without the assignment."""
    return {
        file.parent.name.removesuffix("_mini"): read(file)
        for file in (out / "results" / "mini").glob("*/report.json")
    }


def snapshot(out: Path) -> dict[str, Any]:
    """All that a run leaves, without the times of grading and nbgrader's random ids: reports,
    gradebook, every other file.
    """
    return {
        "reports": {name: _timeless(report) for name, report in reports(out).items()},
        "gradebook": gradebook_rows(out / "gradebook.db"),
        "files": {
            str(file.relative_to(out)): file.read_bytes()
            if file.suffix in (".ipynb", ".csv") or file.name == "class.json"
            else b""
            for file in sorted(out.rglob("*"))
            if file.is_file()
        },
    }


def _timeless(report: Report) -> Any:
    report.seconds, report.graded_at = 0.0, ""
    for question in report.questions:
        for check in question.checks:
            check.seconds = 0.0
    return msgspec.to_builtins(report)


ROWS = {
    "students": "SELECT id, first_name, last_name, email FROM student",
    "assignments": "SELECT name, duedate, course_id FROM assignment",
    "notebooks": "SELECT n.name, a.name, n.kernelspec FROM notebook n JOIN assignment a ON "
    "a.id = n.assignment_id",
    "grade cells": "SELECT b.name, g.max_score, g.cell_type FROM grade_cells g JOIN base_cell "
    "b ON b.id = g.id",
    "source cells": "SELECT name, cell_type, locked, source, checksum FROM source_cell",
    "submissions": "SELECT s.student_id, a.name, s.extension FROM submitted_assignment s JOIN "
    "assignment a ON a.id = s.assignment_id",
    "grades": """SELECT s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade FROM grade g
        JOIN base_cell b ON b.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id
        JOIN submitted_assignment s ON s.id = n.assignment_id""",
    "comments": """SELECT s.student_id, b.name, c.auto_comment, c.manual_comment FROM comment c
        JOIN base_cell b ON b.id = c.cell_id JOIN submitted_notebook n ON n.id = c.notebook_id
        JOIN submitted_assignment s ON s.id = n.assignment_id""",
    "late": "SELECT s.student_id, n.late_submission_penalty, n.flagged FROM submitted_notebook n "
    "JOIN submitted_assignment s ON s.id = n.assignment_id",
    "version": "SELECT version_num FROM alembic_version",
}


def gradebook_rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    with sqlite3.connect(file) as database:
        return {name: sorted(database.execute(query), key=repr) for name, query in ROWS.items()}


def hand_in_times(out: Path) -> dict[str, tuple[str, str]]:
    """By student, the time in the gradebook and that in `timestamp.txt`, which formgrader compares.

    Empty where it is not known when it was handed in.
    """
    with sqlite3.connect(out / "gradebook.db") as database:
        rows = dict(database.execute("SELECT student_id, timestamp FROM submitted_assignment"))
    files = {name: out / "submitted" / name / "mini" / "timestamp.txt" for name in rows}
    texts = {name: file.read_text() if file.exists() else "" for name, file in files.items()}
    return {name: (time or "", texts[name]) for name, time in rows.items()}


def changes(out: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in (out / "results" / "mini" / "changes.jsonl").read_text().splitlines()
    ]
