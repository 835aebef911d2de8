"""A class of zips of `vae` with planted copies, and the same class as a graded one."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from made_zips import Zips

from autograder.align.align import align
from autograder.align.notebook_json import to_text
from autograder.class_run.class_results import settle_class, write_class
from autograder.class_run.results_folder import save
from autograder.course.assignment import load
from autograder.course.released import release_notebook
from autograder.errors import RejectedSubmission
from autograder.grading.grade import Graded
from autograder.intake.read import read_submission
from autograder.report import Check, QuestionResult, Report, Student
from benchmarks.similar import draw_class
from benchmarks.similar import write_class as write_zips


@pytest.fixture(scope="session")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Zips:
    """24 students, of whom six copied all of another's hand-in, each in another disguise."""
    root = Path(__file__).resolve().parents[2]
    folder = tmp_path_factory.mktemp("zips")
    assignment = load("vae", root)
    students, planted = draw_class(assignment, root, 24, 4, ["all questions"], verbatim=False)
    write_zips(students, assignment, root, folder)
    return Zips(folder, planted)


@pytest.fixture(scope="session")
def graded(zips: Zips, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class as `autograder grade --out` leaves it, with made-up results: nothing is run."""
    root, out = Path(__file__).resolve().parents[2], tmp_path_factory.mktemp("graded")
    assignment = load("vae", root)
    reports = {}
    (zips.folder / "Dan_Broken_vae.zip").write_bytes(b"PK\x03\x04 not the rest")
    for file in sorted(zips.folder.iterdir()):
        data = file.read_bytes()
        report = Report(
            assignment="vae",
            file=file.name,
            sha256=hashlib.sha256(data).hexdigest(),
            status="rejected",
            student=Student(id=file.stem),
        )
        notebooks = {}
        try:
            opened = read_submission(data, file.name, assignment)
        except RejectedSubmission as error:
            report.message = error.message
        else:
            report.status, report.student = "graded", opened.student
            for name, content in opened.notebooks.items():
                release = release_notebook(root, "vae", name)
                aligned = align(content, release, assignment, name)
                notebooks[name] = to_text(aligned.to_notebook())
                cells = {one.name: one for one in aligned.cells}
                report.questions += [
                    _result(one.name, name, one.kind, cells[one.name].blank)
                    for one in assignment.in_notebook(name)
                    if one.name in cells
                ]
            report.notebooks = {
                name: hashlib.sha256(text.encode()).hexdigest() for name, text in notebooks.items()
            }
        folder = out / "results" / "vae" / file.stem
        save(folder, Graded(report, notebooks))
        reports[file.stem] = report
    (zips.folder / "Dan_Broken_vae.zip").unlink()
    write_class(settle_class(reports, assignment), out / "results" / "vae")
    return out


def _result(name: str, notebook: str, kind: str, blank: bool) -> QuestionResult:
    check = Check(name="sign", title="has the right sign", weight=1, outcome="failed")
    code = kind == "code"
    return QuestionResult(
        name=name,
        title=name,
        notebook=notebook,
        kind=kind,  # type: ignore[arg-type]
        points=4,
        score=1.0 if code else None,
        blank=blank,
        checks=[check] if code and not blank else [],
    )
