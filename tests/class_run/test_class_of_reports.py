"""`autograder report`: the class as it was settled, or as much as reports alone tell of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.class_run.class_of_reports import classes_below, classes_of
from autograder.class_run.class_results import settle_class, write_class
from autograder.cli.app import app
from autograder.course.assignment import Assignment
from autograder.errors import AutograderError
from autograder.intake.roster import Person, Roster
from autograder.report import Report, Student, to_json

COURSE = Assignment(slug="vae", title="VAE", questions={})


def report(file: str, student_id: str, slug: str = "vae") -> Report:
    student = Student(id=student_id, name=f"Name of {student_id}", claimed_id=student_id)
    return Report(assignment=slug, file=file, sha256=file, status="graded", student=student)


OWNERS = {"a": "s01", "a-1": "s01", "b": "s02"}
REPORTS = {name: report(f"{name}.zip", student_id) for name, student_id in OWNERS.items()}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results folder with a roster that knew of somebody else, and a file of no assignment."""
    folder = tmp_path / "results"
    unknown = {"x": report("x.zip", "x", "unknown")}
    for slug, reports in (("vae", REPORTS), ("unknown", unknown)):
        for name, one in reports.items():
            (folder / slug / name).mkdir(parents=True)
            (folder / slug / name / "report.json").write_bytes(to_json(one))
    roster = Roster([Person(id=one) for one in ("s01", "s02", "s03")])
    write_class(settle_class(REPORTS, COURSE, roster), folder / "vae")
    return folder


def test_a_results_folder_has_the_class_as_it_was_settled(results: Path) -> None:
    (vae,) = classes_below([results / "vae"])
    assert [one.id for one in vae.without_submission] == ["s03"]
    again, unknown = classes_below([results])
    assert again == vae
    assert [one.file for one in unknown.waiting] == ["x.zip"]


def test_reports_alone_are_settled_without_a_roster(results: Path, tmp_path: Path) -> None:
    (tmp_path / "grades.json").write_bytes(to_json(list(REPORTS.values())))
    (results / "vae" / "class.json").unlink()
    for path in (tmp_path / "grades.json", results / "vae"):
        (vae,) = classes_below([path])
        assert {one.id: one.file for one in vae.students} == {"s01": "a-1.zip", "s02": "b.zip"}
    (one,) = classes_below([results / "vae" / "b" / "report.json"])
    assert [student.file for student in one.students] == ["b.zip"]
    (foreign,) = classes_of([report("c.zip", "s09", "an_assignment_of_another_course")])
    assert [one.id for one in foreign.students] == ["s09"]


def test_a_damaged_class_is_said(results: Path) -> None:
    (results / "vae" / "class.json").write_text("{")
    with pytest.raises(AutograderError, match=r"vae/class\.json"):
        classes_below([results / "vae"])


def test_the_verb_prints_the_class(results: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(results / "vae")])
    assert done.exit_code == 0
    assert "a-1.zip counts (the highest number in its name (1))" in done.output
    assert "no submission (1 of the roster):\n  s03" in done.output
    as_json = CliRunner().invoke(app, ["report", str(results / "vae"), "--json"])
    assert as_json.output.count('"schema"') == 3
