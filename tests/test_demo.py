"""The whole way, as `make demo` goes it: release, kits, collect_submission.sh, grading, gradebook;
and every score is the deserved one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import demo
from autograder.course.assignment import Assignment, load, slugs
from autograder.report import Report, read

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    demo.run(folder, root=ROOT)
    return folder


@pytest.fixture(params=slugs(ROOT))
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load(request.param, ROOT)


def report_of(out: Path, assignment: Assignment, name: str) -> Report:
    return read(out / "results" / assignment.slug / f"{name}_{assignment.slug}" / "report.json")


def scores(report: Report) -> dict[str, float | None]:
    return {
        question.name: question.score for question in report.questions if question.kind == "code"
    }


@pytest.fixture
def full(assignment: Assignment) -> dict[str, float]:
    return {
        question.name: question.points
        for question in assignment.questions.values()
        if question.has_checks
    }


@pytest.mark.parametrize("name", ["Ada_Full", "Hugo_Stripped"])
def test_the_model_solution_gets_full_marks_with_and_without_metadata(
    out: Path, assignment: Assignment, full: dict[str, float], name: str
) -> None:
    report = report_of(out, assignment, name)
    assert scores(report) == full
    assert report.status == "graded"
    assert report.totals.auto == report.totals.auto_max == assignment_points(assignment)
    assert set(quality(report).values()) <= {"full"}


def assignment_points(assignment: Assignment) -> float:
    """Of what is graded without people."""
    return assignment.most_points(each for each in assignment.questions.values() if each.autograded)


def quality(report: Report) -> dict[str, str]:
    """What each quality question met."""
    return {each.name: each.quality.met for each in report.questions if each.quality}


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ben_Half", "is missing"), ("Finn_Tamper", "was left out: it is not a safetensors file")],
)
def test_a_missing_or_forged_artifact_earns_nothing_and_is_explained(
    out: Path, assignment: Assignment, name: str, said: str
) -> None:
    report = report_of(out, assignment, name)
    measured = [each for each in report.questions if each.kind == "quality"]
    assert len(measured) == sum(each.kind == "quality" for each in assignment.questions.values())
    for each in measured:
        assert (each.score, each.outcome) == (0, "graded")
        assert each.quality is not None and said in each.quality.message


@pytest.mark.parametrize("name", ["Ben_Half", "Finn_Tamper"])
def test_half_of_the_answers_get_their_points_and_tampering_adds_none(
    out: Path, assignment: Assignment, full: dict[str, float], name: str
) -> None:
    answered = demo.first_half(assignment)
    deserved = {
        question: points if question in answered else 0.0 for question, points in full.items()
    }
    assert scores(report_of(out, assignment, name)) == deserved


def test_the_blank_release_gets_nothing(
    out: Path, assignment: Assignment, full: dict[str, float]
) -> None:
    assert scores(report_of(out, assignment, "Cleo_Blank")) == dict.fromkeys(full, 0.0)


def test_a_syntax_error_and_an_endless_loop_cost_their_own_question_alone(
    out: Path, assignment: Assignment, full: dict[str, float]
) -> None:
    assert scores(report_of(out, assignment, "Dan_Syntax")) == full | {
        demo.syntax_question(assignment): 0.0
    }
    assert scores(report_of(out, assignment, "Eva_Endless")) == full | {
        demo.loop_question(assignment): 0.0
    }


@pytest.mark.parametrize("name", ["Gia_Broken", "Ines_Escape"])
def test_broken_and_escaping_archives_are_told_so(
    out: Path, assignment: Assignment, name: str
) -> None:
    report = report_of(out, assignment, name)
    assert report.status == "rejected"
    assert report.message
    assert not report.questions


def test_gradebook_csv_and_json_hold_the_same_class(out: Path, assignment: Assignment) -> None:
    import csv

    import msgspec
    from nbgrader.api import Gradebook

    slug = assignment.slug
    everything = msgspec.json.decode((out / "grades.json").read_bytes(), type=list[Report])
    reports = [report for report in everything if report.assignment == slug]
    assert len(reports) == len(demo.STUDENTS)
    with open(out / "results" / slug / "csv" / "totals.csv", encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert {report.file for report in reports} == set(rows)
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        for report in reports:
            if report.status != "graded":
                continue
            assert float(rows[report.file]["auto"]) == pytest.approx(report.totals.auto, abs=1e-3)
            for question in report.questions:
                if question.autograded:
                    grade = gradebook.find_grade(
                        f"test_{question.name}", question.notebook, slug, report.student.id
                    )
                    earned = grade.extra_credit if question.bonus else grade.auto_score
                    assert (earned or 0.0) == question.score
                    assert not grade.needs_manual_grade
            for notebook in assignment.notebooks:
                assert (
                    out / "autograded" / report.student.id / slug / f"{notebook}.ipynb"
                ).is_file()


def test_the_full_submission_waits_for_people_with_its_written_answers(
    out: Path, assignment: Assignment
) -> None:
    from nbgrader.api import Gradebook

    manual = [question for question in assignment.questions.values() if not question.autograded]
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        for student, wait in (("s01", True), ("s03", False)):
            grades = [
                gradebook.find_grade(question.name, question.notebook, assignment.slug, student)
                for question in manual
            ]
            assert {grade.needs_manual_grade for grade in grades} == {wait}
