"""A class in which the better one of two questions counts: everything that adds up points agrees,
before and after people gave points.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from graded_class import CUBE, FULL, GradedClass, write_submission
from mini_course import CHOOSE, with_choice, write_course

from autograder.class_run.class_results import read_class
from autograder.course.assignment import load
from autograder.grading.digests import digests
from autograder.publish.class_report.questions import question_statistics, student_of
from autograder.publish.class_report.write import write_class_report
from autograder.publish.export.write import export
from autograder.publish.feedback_pages.content import feedback_of
from autograder.publish.feedback_pages.write import write_feedback
from autograder.publish.gradescope.results import results_of
from autograder.publish.pdf.feedback import _question as in_pdf
from autograder.publish.standing import Standing, class_standings
from autograder.release.release import release
from autograder.report import read
from tests.formgrader_server import formgrader

BIN = Path(sys.executable).parent
HALF = "def double(number):\n    return abs(number) * 2"
"""2 of 3 points: an edge is wrong."""
MAXIMUM = 3 + 4 + 2
ANSWERS = {
    "ada": ("Ada Both", {"double": HALF, "cube": CUBE}),
    "ben": ("Ben One", {"double": FULL}),
    "cleo": ("Cleo Blank", {}),
}
BEYOND = "Answered beyond the one that counts: not counted"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    course = write_course(tmp_path_factory.mktemp("choice"))
    with_choice(course, CHOOSE)
    release("mini", course.root)
    (course.root / "submissions").mkdir()
    for student, (name, answers) in ANSWERS.items():
        at = "2026-01-01T10:00:00Z"
        write_submission(course, course.root / "submissions", student, name, answers, at)
    made = GradedClass(course, course.root / "out")
    made.grade()
    return made


@pytest.fixture
def chosen(once: GradedClass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GradedClass:
    shutil.copytree(once.out, tmp_path / "out")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(once.root))
    return replace(once, out=tmp_path / "out")


def standing(chosen: GradedClass, student: str = "ada") -> Standing:
    found = class_standings(chosen.out, load("mini", chosen.root)).standings
    return next(one for one in found if one.student.id == student)


def sums(chosen: GradedClass) -> dict[str, tuple[float, float, float]]:
    """By student: nbgrader's sum, ours, and nbgrader's maximum."""
    found = class_standings(chosen.out, load("mini", chosen.root)).standings
    with chosen.gradebook() as gradebook:
        rows = {one.student.id: gradebook.find_submission("mini", one.student.id) for one in found}
        return {
            one.student.id: (rows[one.student.id].score, one.earned, rows[one.student.id].max_score)
            for one in found
        }


def comment(chosen: GradedClass, question: str, student: str = "ada") -> str:
    with chosen.gradebook() as gradebook:
        return gradebook.find_comment(question, "lab", "mini", student).auto_comment or ""


def cell(chosen: GradedClass, student: str = "ada") -> tuple[float, float, bool]:
    with chosen.gradebook() as gradebook:
        grade = gradebook.find_grade("choose-one", "lab", "mini", student)
        return grade.score, grade.max_score, bool(grade.needs_manual_grade)


def test_reports_tables_and_the_gradebook_have_the_same_sums(chosen: GradedClass) -> None:
    folder = chosen.out / "results" / "mini"
    with (folder / "csv" / "totals.csv").open() as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["auto"]) for name, row in rows.items()} == {
        "ada": 3,
        "ben": 3,
        "cleo": 0,
    }
    assert {row["auto_max"] for row in rows.values()} == {"3"}
    with (folder / "csv" / "double.csv").open() as file:
        counts = {row["id"]: (row["score"], row["counts"]) for row in csv.DictReader(file)}
    assert counts == {"ada": ("2", "no"), "ben": ("3", "yes"), "cleo": ("0", "yes")}
    found = read_class(folder / "class.json").students
    assert {one.id: one.to_mark_points for one in found} == dict.fromkeys(ANSWERS, 0)
    assert sums(chosen) == {
        "ada": (3, 3, MAXIMUM),
        "ben": (3, 3, MAXIMUM),
        "cleo": (0, 0, MAXIMUM),
    }
    assert load("mini", chosen.root).max_points == MAXIMUM
    assert cell(chosen) == (-2, -3, False)
    assert cell(chosen, "ben") == (0, -3, False)


def test_the_gradebook_keeps_the_points_of_a_question_and_says_why_it_does_not_count(
    chosen: GradedClass,
) -> None:
    with chosen.gradebook() as gradebook:
        grade = gradebook.find_grade("test_double", "lab", "mini", "ada")
        assert (grade.auto_score, grade.max_score) == (2, 3)
    first, _, rest = comment(chosen, "double").partition("\n\n")
    assert (
        first == f"{BEYOND} (One: the best of 2 questions counts; another earned as much or more)."
    )
    assert "is right for negative numbers" in rest
    assert "not counted" not in comment(chosen, "cube")
    assert comment(chosen, "cube", "ben") == "No response."


def test_points_by_hand_follow_the_rule_at_once_and_in_nbgraders_sum_when_graded_again(
    chosen: GradedClass,
) -> None:
    chosen.mark("ada", "cube", 1.0)
    theirs, ours, _ = sums(chosen)["ada"]
    assert (theirs, ours) == (1, 2), "now the other one is the better one"
    chosen.grade()
    assert sums(chosen)["ada"] == (2, 2, MAXIMUM)
    assert cell(chosen) == (-1, -3, False)
    assert "not counted" not in comment(chosen, "double")
    assert comment(chosen, "cube").startswith(BEYOND)
    assert "is right for negative numbers" in comment(chosen, "double")

    chosen.mark("ada", "double", 3.0, extra_credit=0.5)
    chosen.mark("ada", "double", needs_manual_grade=False)
    chosen.grade()
    assert sums(chosen)["ada"] == (3.5, 3.5, MAXIMUM), "what a person typed stays"


def test_a_score_typed_into_the_cell_is_taken_back(chosen: GradedClass) -> None:
    with chosen.gradebook() as gradebook:
        grade = gradebook.find_grade("choose-one", "lab", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = -3, True
        gradebook.db.commit()
    chosen.grade()
    assert cell(chosen) == (-2, -3, False)


def test_a_question_that_waits_counts_as_nothing_until_it_has_points(chosen: GradedClass) -> None:
    with chosen.gradebook() as gradebook:
        grade = gradebook.find_grade("test_cube", "lab", "mini", "ada")
        grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    one = standing(chosen)
    assert (one.earned, one.maximum, one.still_to_come) == (2, MAXIMUM, 1)
    assert {each.question.name for each in one.answered if each.beyond} == set()


def test_feedback_shows_what_does_not_count_and_takes_nothing_for_it(chosen: GradedClass) -> None:
    assignment = load("mini", chosen.root)
    ada = feedback_of(standing(chosen), assignment, {})
    lab = {one.name: one for one in ada.notebooks["lab"]}
    assert ada.total == f"3 of {MAXIMUM}"
    assert (lab["double"].points, lab["double"].lost) == ("2 of 3, not counted", 0)
    assert (lab["cube"].points, lab["cube"].note) == ("3 of 3", "")
    assert not any("double" in line for line in ada.first), "it costs nothing"
    assert BEYOND in in_pdf(lab["double"], 1)
    ben = feedback_of(standing(chosen, "ben"), assignment, {})
    cube = next(one for one in ben.notebooks["lab"] if one.name == "cube")
    assert (cube.points, cube.lost) == ("not counted", 0)
    assert cube.note.startswith("Not counted, and not needed (One: the best of 2")
    assert not any("cube" in line for line in ben.first)
    cleo = feedback_of(standing(chosen, "cleo"), assignment, {})
    assert sum(one.lost for one in cleo.notebooks["lab"] if one.name in ("double", "cube")) == 3

    done = write_feedback("mini", chosen.root, chosen.out)
    page = next(file for file in done.pages if "ada" in file.parts).read_text()
    said = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
    assert f"3 of {MAXIMUM} points" in said and f"2 of 3, not counted {BEYOND}" in said


def test_feedback_class_report_and_formgrader_explain_the_choice(
    chosen: GradedClass, tmp_path: Path
) -> None:
    rule = "One: the best of 2 questions counts"
    done = write_feedback("mini", chosen.root, chosen.out)
    table = BeautifulSoup(done.pages[0].read_text(encoding="utf-8"), "html.parser").find("table")
    assert table.find_previous("p").get_text() == f"{rule}."
    report, (page, *_) = write_class_report(
        chosen.out / "results" / "mini", chosen.root, tmp_path / "report.html"
    )
    assert {one.name for one in report.questions if one.choice} == {"double", "cube"}
    assert f"{rule}. Blank answers to these are not scored." in page.read_text(encoding="utf-8")
    with formgrader(chosen.out, tmp_path / "home") as server:
        row = server.notebook_of("ada", "mini", "lab")
        shown = BeautifulSoup(
            server.ask(f"/formgrader/submissions/{row['id']}/"), "html.parser"
        ).select("p.mark-scheme")
    assert len(shown) == 1 and "Leave them as they are" in shown[0].get_text()
    assert shown[0].find_previous("input", class_="score")["id"] == "choose-one"


def test_nbgraders_own_feedback_has_the_same_total(chosen: GradedClass) -> None:
    done = subprocess.run(
        [BIN / "nbgrader", "generate_feedback", "mini", "--student", "ada"],
        cwd=chosen.out,
        env={**os.environ, "JUPYTER_PLATFORM_DIRS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    page = (chosen.out / "feedback" / "ada" / "mini" / "lab.html").read_text()
    assert re.search(r"\(Score:\s*3\.0\s*/\s*7\.0\)", page)


def test_exports_have_the_sum_that_counts(chosen: GradedClass) -> None:
    done = export("mini", "csv", chosen.root, chosen.out)
    with done.file.open() as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "ada")
    assert (row["earned"], row["maximum"]) == ("3", str(MAXIMUM))
    assert (row["double"], row["cube"]) == ("2", "3")


def test_gradescope_shows_the_others_and_adds_up_the_best(chosen: GradedClass) -> None:
    assignment = load("mini", chosen.root)
    student = standing(chosen).student
    report = read(chosen.out / "results" / "mini" / student.folder / "report.json")
    made = results_of(report, {}, assignment, 1)
    tests = {one["name"]: one for one in made["tests"]}
    assert made["score"] == 3
    assert tests["Twice a number (double)"]["score"] == 2
    assert tests["Twice a number (double)"]["output"].startswith(BEYOND)
    assert "counted" not in tests["The third power (cube)"]["output"]


def test_the_class_report_takes_no_blank_answer_for_a_wrong_one(chosen: GradedClass) -> None:
    found = class_standings(chosen.out, load("mini", chosen.root)).standings
    students = [one for each in found if (one := student_of(each))]
    cube = question_statistics(students, "cube")
    assert (cube.n_scored, cube.n_blank, cube.mean) == (1, 2, 3)
    assert question_statistics(students, "double").mean == 2.5
    automatic = {one.standing.student.id: one.automatic for one in students}
    assert automatic["ada"] == {"double": 0, "cube": 3}


def test_a_changed_rule_grades_its_questions_again(once: GradedClass, tmp_path: Path) -> None:
    before = digests("mini", once.root).questions
    once.course.toml("count = 1", "count = 1 # still")
    digests.cache_clear()
    assert digests("mini", once.root).questions == before
    once.course.toml('["double", "cube"]', '["cube", "double"]')
    digests.cache_clear()
    after = digests("mini", once.root).questions
    changed = {name for name in after if after[name] != before[name]}
    once.course.toml('["cube", "double"]', '["double", "cube"]')
    digests.cache_clear()
    assert changed == {"double", "cube"}
