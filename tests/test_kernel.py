"""The same scores both ways: the sandboxed grader, and plain `nbgrader autograde` with the hidden
line in each check cell.
"""

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
from autograder.course.assignment import load, slugs
from autograder.grading.grade import Options, grade_one

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
SECRET = "the same inputs both ways"


COURSE = {slug: demo.STUDENTS[:3] if slug == "vae" else demo.STUDENTS[1:2] for slug in slugs(ROOT)}
"""Who hands in what: one who got half of it is enough for the later assignments."""
ONLY = {"gan": "losses", "flows": "density", "diffusion": "ddpm", "pix2pix": "pix2pix"}
"""The lab that is enough of a later assignment: the way through the kernel is the same for each."""


def filled_in(slug: str, student: demo.DemoStudent) -> demo.Notebooks:
    assignment = load(slug, ROOT)
    mine = {
        name: nbformat.read(ROOT / "release" / slug / f"{name}.ipynb", as_version=4)
        for name in assignment.notebooks
    }
    solved = {
        name: nbformat.read(ROOT / "source" / slug / f"{name}.ipynb", as_version=4)
        for name in assignment.notebooks
    }
    student.edit(mine, solved, assignment)
    return mine


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for plain nbgrader: the released assignments registered in its gradebook, the
    students' notebooks in `submitted/`.
    """
    from autograder.release.generate import generate

    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "source", folder / "source")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AUTOGRADER_COURSE": str(ROOT),
        "AUTOGRADER_SECRET": SECRET,
        "OMP_NUM_THREADS": "1",
    }
    for slug, students in COURSE.items():
        sources = {
            name: nbformat.read(ROOT / "source" / slug / f"{name}.ipynb", as_version=4)
            for name in load(slug, ROOT).notebooks
        }
        generate(slug, sources, db_url=f"sqlite:///{folder / 'gradebook.db'}")
        for student in students:
            target = folder / "submitted" / student.id / slug
            target.mkdir(parents=True)
            for name, notebook in filled_in(slug, student).items():
                nbformat.write(notebook, target / f"{name}.ipynb")
            for name, data in demo.artifacts_of(student, load(slug, ROOT)).items():
                (target / name).parent.mkdir(exist_ok=True)
                (target / name).write_bytes(data)
        line = [sys.executable, "-m", "nbgrader", "autograde", slug]
        line += ["--notebook", ONLY[slug]] if slug in ONLY else []
        result = subprocess.run(
            line,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert result.returncode == 0, result.stderr[-3000:]
    return folder


@pytest.mark.parametrize(
    ("slug", "student"),
    [(slug, student) for slug, students in COURSE.items() for student in students],
)
def test_plain_nbgrader_gives_the_same_score_for_every_question(
    course: Path, slug: str, student: demo.DemoStudent
) -> None:
    from nbgrader.api import Gradebook

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, notebook in filled_in(slug, student).items():
            archive.writestr(f"{name}.ipynb", nbformat.writes(notebook))
        for name, data in demo.artifacts_of(student, load(slug, ROOT)).items():
            archive.writestr(name, data)
    graded = grade_one(
        buffer.getvalue(),
        f"{student.name}_{slug}.zip".replace(" ", "_"),
        slug,
        Options(root=ROOT, secret=SECRET),
    )
    mine = [
        question
        for question in graded.report.questions
        if question.autograded
        and not question.bonus
        and question.notebook == ONLY.get(slug, question.notebook)
    ]
    ours = {question.name: question.score for question in mine}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        theirs = {
            question.name: gradebook.find_grade(
                f"test_{question.name}", question.notebook, slug, student.id
            ).auto_score
            for question in mine
        }
    assert ours == theirs
    quality = [one.quality.met for one in graded.report.questions if one.quality]
    assert set(quality) <= {"full" if student.artifact else "none"}
    assert slug in ONLY or graded.report.totals.auto == sum(theirs.values())
