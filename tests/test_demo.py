"""The whole way, as `make demo` goes it: release, kits, collect_submission.sh, grading, gradebook; and every score is the deserved one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import demo
from autograder.assignment import load
from autograder.report import Report, read

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(__file__).resolve().parent.parent
    folder = tmp_path_factory.mktemp("demo")
    demo.run(folder, root=root)
    return folder


def report_of(out: Path, name: str) -> Report:
    return read(out / "results" / "vae" / f"{name}_vae" / "report.json")


def scores(report: Report) -> dict[str, float | None]:
    return {question.name: question.score for question in report.questions if question.kind == "code"}


@pytest.fixture
def full(root: Path) -> dict[str, float]:
    return {question.name: question.points for question in load("vae", root).questions.values() if question.autograded}


@pytest.mark.parametrize("name", ["Ada_Full", "Hugo_Stripped"])
def test_the_model_solution_gets_full_marks_with_and_without_metadata(out: Path, full: dict[str, float], name: str) -> None:
    report = report_of(out, name)
    assert scores(report) == full
    assert report.status == "graded"
    assert report.totals.auto == report.totals.auto_max == sum(full.values())


@pytest.mark.parametrize("name", ["Ben_Half", "Finn_Tamper"])
def test_half_of_the_answers_get_their_points_and_tampering_adds_none(out: Path, root: Path, full: dict[str, float], name: str) -> None:
    answered = demo.first_half(load("vae", root))
    assert scores(report_of(out, name)) == {question: points if question in answered else 0.0 for question, points in full.items()}


def test_the_blank_release_gets_nothing(out: Path, full: dict[str, float]) -> None:
    assert scores(report_of(out, "Cleo_Blank")) == dict.fromkeys(full, 0.0)


def test_a_syntax_error_and_an_endless_loop_cost_their_own_question_alone(out: Path, root: Path, full: dict[str, float]) -> None:
    assignment = load("vae", root)
    assert scores(report_of(out, "Dan_Syntax")) == full | {demo.syntax_question(assignment): 0.0}
    assert scores(report_of(out, "Eva_Endless")) == full | {demo.loop_question(assignment): 0.0}


@pytest.mark.parametrize("name", ["Gia_Broken", "Ines_Escape"])
def test_broken_and_escaping_archives_are_told_so(out: Path, name: str) -> None:
    report = report_of(out, name)
    assert report.status == "rejected"
    assert report.message
    assert not report.questions


def test_gradebook_csv_and_json_hold_the_same_class(out: Path) -> None:
    import csv

    import msgspec
    from nbgrader.api import Gradebook

    reports = msgspec.json.decode((out / "grades.json").read_bytes(), type=list[Report])
    assert len(reports) == len(demo.STUDENTS)
    with open(out / "results" / "vae" / "csv" / "totals.csv", encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert {report.file for report in reports} == set(rows)
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        for report in reports:
            if report.status != "graded":
                continue
            assert float(rows[report.file]["auto"]) == pytest.approx(report.totals.auto, abs=1e-3)
            for question in report.questions:
                if question.kind == "code":
                    grade = gradebook.find_grade(f"test_{question.name}", question.notebook, "vae", report.student.id)
                    assert grade.auto_score == question.score
                    assert not grade.needs_manual_grade
            assert (out / "autograded" / report.student.id / "vae" / "lab.ipynb").is_file()


def test_the_full_submission_waits_for_people_with_its_written_answers(out: Path, root: Path) -> None:
    from nbgrader.api import Gradebook

    manual = [question for question in load("vae", root).questions.values() if not question.autograded]
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        waiting = {q.name: gradebook.find_grade(q.name, q.notebook, "vae", "s01").needs_manual_grade for q in manual}
        blank = {q.name: gradebook.find_grade(q.name, q.notebook, "vae", "s03").needs_manual_grade for q in manual}
    assert set(waiting.values()) == {True}
    assert set(blank.values()) == {False}
