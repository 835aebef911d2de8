"""The same scores both ways: the sandboxed grader, and plain `nbgrader autograde` with the hidden line in each check cell."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import demo
from autograder.assignment import load
from autograder.grade import Options, grade_one

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

SECRET = "the same inputs both ways"


def filled_in(root: Path, student: demo.DemoStudent) -> demo.Notebooks:
    assignment = load("vae", root)
    mine = {name: nbformat.read(root / "release" / "vae" / f"{name}.ipynb", as_version=4) for name in assignment.notebooks}
    solved = {name: nbformat.read(root / "source" / "vae" / f"{name}.ipynb", as_version=4) for name in assignment.notebooks}
    student.edit(mine, solved, assignment)
    return mine


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for plain nbgrader: the released assignment registered in its gradebook, three students' notebooks in `submitted/`."""
    from autograder.release.student import generate

    root = Path(__file__).resolve().parent.parent
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(root / "nbgrader_config.py", folder)
    shutil.copytree(root / "source", folder / "source")
    sources = {name: nbformat.read(root / "source" / "vae" / f"{name}.ipynb", as_version=4) for name in load("vae", root).notebooks}
    generate("vae", sources, db_url=f"sqlite:///{folder / 'gradebook.db'}")
    for student in demo.STUDENTS[:3]:
        target = folder / "submitted" / student.id / "vae"
        target.mkdir(parents=True)
        for name, notebook in filled_in(root, student).items():
            nbformat.write(notebook, target / f"{name}.ipynb")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AUTOGRADER_COURSE": str(root),
        "AUTOGRADER_SECRET": SECRET,
        "OMP_NUM_THREADS": "1",
    }
    line = [sys.executable, "-m", "nbgrader", "autograde", "vae", "--notebook", "lab"]
    result = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert result.returncode == 0, result.stderr[-3000:]
    return folder


@pytest.mark.parametrize("student", demo.STUDENTS[:3], ids=lambda student: student.id)
def test_plain_nbgrader_gives_the_same_score_for_every_question(course: Path, root: Path, student: demo.DemoStudent) -> None:
    from nbgrader.api import Gradebook

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, notebook in filled_in(root, student).items():
            archive.writestr(f"{name}.ipynb", nbformat.writes(notebook))
    graded = grade_one(buffer.getvalue(), f"{student.name}_vae.zip".replace(" ", "_"), "vae", Options(root=root, secret=SECRET))
    ours = {question.name: question.score for question in graded.report.questions if question.kind == "code" and not question.bonus}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        theirs = {name: gradebook.find_grade(f"test_{name}", "lab", "vae", student.id).auto_score for name in ours}
    assert ours == theirs
    assert graded.report.totals.auto == sum(theirs.values())
