"""A class whose assignment has parts, from the collect script to the grades.

Ada hands in each part by itself (the second one late), Ben everything in one file (late for the
first part), Cleo one part.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from dgm.handin.dialogue import Dialogue
from dgm.handin.procedure import Options as HandInOptions
from dgm.handin.procedure import hand_in
from graded_class import CUBE, FULL, ROOT, GradedClass
from nbgrader.api import Gradebook

sys.path.append(str(ROOT / "tests" / "release"))

from mini_course import Course, write_course

from autograder.class_run.class_results import read_class
from autograder.class_run.preview import preview
from autograder.class_run.run import ClassRun, plan_class, run_class
from autograder.course.assignment import load
from autograder.errors import UsageError
from autograder.grading.grade import Options, grade_one
from autograder.publish.class_report.write import write_class_report
from autograder.publish.console import class_notes, class_table, late
from autograder.publish.export.write import export
from autograder.publish.feedback_pages.write import write_feedback
from autograder.publish.gradescope.archive import pack
from autograder.publish.pdf.inputs import tasks_for
from autograder.publish.standing import class_standings
from autograder.release.release import release
from autograder.similarity.graded import graded_works

PARTS = """
[parts.code]
title = "Code"
notebooks = ["lab"]
due = 2026-02-01T00:00:00Z

[parts.written]
title = "Written answers"
notebooks = ["theory"]
due = 2026-02-08T00:00:00Z

[questions.double]"""
BEFORE, BETWEEN, AFTER = "2026-01-31T10:00:00Z", "2026-02-02T10:00:00Z", "2026-02-08T10:00:00Z"
CODE = {"double": FULL, "cube": CUBE, "growth_study": "It grows."}
WRITTEN = {"why_even": "Two divides it."}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = write_course(tmp_path_factory.mktemp("parts") / "course")
    made.toml("due = 2030-01-31T22:00:00Z\n", "late_policy = { lost_per_day = 0.1 }\n")
    made.toml("\n[questions.double]", PARTS)
    release("mini", made.root)
    return made


def handed_in(
    course: Course, place: Path, who: str, answers: dict[str, str], at: str, part: str | None = None
) -> Path:
    """What the collect script makes of a student's kit. at: the time in its manifest."""
    student_id, _, name = who.partition(" ")
    kit = place / student_id
    if not kit.exists():
        shutil.copytree(course.root / "release" / "mini", kit)
    for notebook in ("lab", "theory"):
        made = nbformat.read(kit / f"{notebook}.ipynb", as_version=4)
        for cell in made.cells:
            if (question := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
                cell.source = answers[question]
        nbformat.write(made, kit / f"{notebook}.ipynb")
    given = HandInOptions(name, student_id, "None", True, output=str(place / "made"), part=part)
    archive = hand_in(kit, given, Dialogue(False, "collect"))
    final = place / "submissions" / archive.name
    final.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(final, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == "submission.json":
                data = json.dumps(json.loads(data) | {"created": at}).encode()
            new.writestr(entry, data)
    return final


def grade(course: Course, place: Path) -> ClassRun:
    files = sorted((place / "submissions").iterdir())
    return run_class(files, Options(root=course.root, isolation="none", jobs=1), out=place / "out")


def by_student(file: Path) -> dict[str, dict[str, str]]:
    """A CSV file by student, or by student and part."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {" ".join(filter(None, [row["id"], row.get("part", "")])): row for row in rows}


@pytest.fixture(scope="module")
def place(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class in two runs, with a mark given between them, and all others after the second."""
    place = tmp_path_factory.mktemp("class")
    handed_in(course, place, "ada Ada Full", CODE, BEFORE, "code")
    handed_in(course, place, "cleo Cleo Code", CODE, BEFORE, "code")
    first = grade(course, place)
    assert [report.parts for report in first.reports] == [["code"], ["code"]]
    graded = GradedClass(course, place / "out")
    graded.mark("ada", "growth_study", 3.0, "Good.")
    handed_in(course, place, "ada Ada Full", WRITTEN, AFTER, "written")
    handed_in(course, place, "ben Ben Both", CODE | WRITTEN, BETWEEN)
    second = grade(course, place)
    assert second.n_skipped == 2
    with graded.gradebook() as gradebook:
        mark = gradebook.find_grade("growth_study", "lab", "mini", "ada")
        assert (mark.manual_score, mark.needs_manual_grade) == (3.0, False), "regrading keeps it"
        waiting = gradebook.find_grade("why_even", "theory", "mini", "ada")
        assert waiting.needs_manual_grade
        absent = gradebook.find_grade("why_even", "theory", "mini", "cleo")
        assert (absent.auto_score, absent.needs_manual_grade) == (None, False)
    graded.mark("ada", "why_even", 2.0)
    graded.mark("ben", "growth_study", 2.0)
    graded.mark("ben", "why_even", 1.0)
    graded.mark("cleo", "growth_study", 4.0)
    return place


@pytest.fixture
def graded(
    course: Course, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> GradedClass:
    shutil.copytree(place / "out", tmp_path / "out")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    return replace(GradedClass(course, tmp_path / "out"))


POINTS = {
    # by the checks 3 and 1.5 extra; a tenth of each part that is late for each day begun
    "ada": (3 + 1.5 + 3) + 0.9 * 2,
    "ben": 0.8 * (3 + 1.5 + 2) + 1,
    "cleo": 3 + 1.5 + 4,
}


def test_archives_of_parts_say_so_in_their_names(place: Path) -> None:
    assert sorted(file.name for file in (place / "submissions").iterdir()) == [
        "Ada_Full_mini_code.zip",
        "Ada_Full_mini_written.zip",
        "Ben_Both_mini.zip",
        "Cleo_Code_mini_code.zip",
    ]


def test_tables_have_each_part(graded: GradedClass) -> None:
    folder = graded.out / "results" / "mini" / "csv"
    totals = by_student(folder / "totals.csv")
    assert {
        name: (row["auto"], row["auto_max"], row["manual_max"]) for name, row in totals.items()
    } == {
        "ada": ("3", "3", "6"),
        "ben": ("3", "3", "6"),
        "cleo": ("3", "3", "4"),
    }
    assert [totals[name]["late_penalty"] for name in ("ada", "ben", "cleo")] == ["", "", "0"]
    parts = by_student(folder / "parts.csv")
    assert {
        name: (row["status"], row["handed_in"], row["late"], row["late_penalty"])
        for name, row in parts.items()
    } == {
        "ada code": ("graded", BEFORE, "no", "0"),
        "ada written": ("graded", AFTER, "yes", "0.1"),
        "ben code": ("graded", BETWEEN, "yes", "0.2"),
        "ben written": ("graded", BETWEEN, "no", "0"),
        "cleo code": ("graded", BEFORE, "no", "0"),
        "cleo written": ("missing", "", "", ""),
    }
    assert parts["ada written"]["due"] == "2026-02-08T00:00:00Z"
    assert list(by_student(folder / "why_even.csv")) == ["ada", "ben"]
    assert list(by_student(folder / "double.csv")) == ["ada", "ben", "cleo"]


def test_the_class_table_shows_parts_and_what_is_not_handed_in(graded: GradedClass) -> None:
    results = read_class(graded.out / "results" / "mini" / "class.json")
    table = class_table(results)
    (column,) = (one for one in table.columns if one.header == "parts")
    assert list(column.cells) == ["code 3 / 3\nwritten 0 / 0"] * 2 + ["code 3 / 3\nwritten -"]
    assert [late(one) for one in results.students] == [
        "written: 10 h, -10%",
        "code: 1 d 10 h, -20%",
        "",
    ]
    notes = [line.plain for line in class_notes(results)]
    place = notes.index("part written not handed in (1, due 2026-02-08T00:00:00Z):")
    assert notes[place + 1] == "  cleo"
    assert not any(line.startswith("several files") for line in notes)


def test_the_gradebook_has_one_assignment_that_is_due_last(graded: GradedClass) -> None:
    with graded.gradebook() as gradebook:
        assignment = gradebook.find_assignment("mini")
        assert f"{assignment.duedate:%Y-%m-%d %H:%M}" == "2026-02-08 00:00"
        assert {one.name for one in assignment.notebooks} == {"lab", "theory"}
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions("mini")}
    assert scores == {"ada": 9.5, "ben": 7.5, "cleo": 8.5}
    files = sorted(
        file.relative_to(graded.out / "autograded").as_posix()
        for file in (graded.out / "autograded").rglob("*.ipynb")
    )
    assert files == [
        "ada/mini/lab.ipynb",
        "ada/mini/theory.ipynb",
        "ben/mini/lab.ipynb",
        "ben/mini/theory.ipynb",
        "cleo/mini/lab.ipynb",
    ]


def test_standing_and_exported_points_are_the_sum_over_the_parts(graded: GradedClass) -> None:
    standings = class_standings(graded.out, load("mini", graded.root)).standings
    assert {one.student.id: one.total for one in standings} == pytest.approx(POINTS)
    assert {one.student.id: one.maximum for one in standings} == dict.fromkeys(POINTS, 9)
    done = export("mini", "csv", graded.root, graded.out)
    rows = by_student(done.file)
    assert {name: float(row["points"]) for name, row in rows.items()} == pytest.approx(POINTS)
    for row in rows.values():
        lost = float(row["earned"]) * float(row["late_penalty"])
        assert float(row["earned"]) - lost == pytest.approx(float(row["points"]), abs=1e-5)
    assert done.left_out == []
    assert done.notes == ["students who have not handed in every part: 1. What is missing counts 0"]


def test_feedback_has_each_part_with_its_date(graded: GradedClass) -> None:
    done = write_feedback("mini", graded.root, graded.out)
    said = {
        file.parents[1].name: " ".join(
            BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
            .body.get_text(" ")
            .split()
        )
        for file in done.pages
    }
    assert "9.3 of 9 points" in said["ada"]
    assert "Written answers 1.8 of 2, 10% lost because it was late" in said["ada"]
    assert "Code: file Ada_Full_mini_code.zip" in said["ada"]
    assert "Written answers: handed in 2026-02-08 10:00:00 UTC" in said["ada"]
    assert "Code 5.2 of 7, 20% lost because it was late" in said["ben"]
    assert "Written answers: file not handed in; due 2026-02-08 00:00 UTC" in said["cleo"]
    assert "Written answers 0 of 2" in said["cleo"]
    assert "theory" not in said["cleo"], "what was not handed in has no questions"


def test_the_class_report_agrees(graded: GradedClass, tmp_path: Path) -> None:
    report, _ = write_class_report(
        graded.out / "results" / "mini", graded.root, tmp_path / "report.html"
    )
    assert {row.who.id: row.total for row in report.students} == pytest.approx(POINTS)
    n_answered = {one.name: one.n_answered for one in report.questions}
    assert (n_answered["double"], n_answered["why_even"]) == (3, 2)
    assert [(one.who.id, one.why) for one in report.waiting if one.for_whom == "the student"] == [
        ("cleo", "has not handed in the part written")
    ]
    page = (tmp_path / "report.html").read_text()
    assert "Part written: due 2026-02-08 00:00 UTC." in page


def test_nothing_is_graded_or_recorded_again(
    course: Course, place: Path, graded: GradedClass
) -> None:
    again = run_class(
        sorted((place / "submissions").iterdir()),
        Options(root=course.root, isolation="none", jobs=1),
        out=graded.out,
    )
    assert again.n_skipped == 4
    assert again.changes == []
    with graded.gradebook() as gradebook:
        assert gradebook.assignment_submissions("mini")
        assert not any(
            grade.needs_manual_grade
            for one in gradebook.assignment_submissions("mini")
            for notebook in one.notebooks
            for grade in notebook.grades
        )


def test_a_newer_file_of_one_part_leaves_the_marks_of_the_other(
    course: Course, place: Path, graded: GradedClass, tmp_path: Path
) -> None:
    shutil.copytree(place / "submissions", tmp_path / "submissions")
    made = handed_in(
        course, tmp_path, "ada Ada Full", {"why_even": "Think."}, "2026-02-09T10:00:00Z", "written"
    )
    made.rename(made.with_name("Ada_Full_mini_written-1.zip"))
    shutil.copy(place / "submissions" / made.name, made)
    grade(course, tmp_path)
    with Gradebook(f"sqlite:///{graded.out / 'gradebook.db'}") as gradebook:
        kept = gradebook.find_grade("growth_study", "lab", "mini", "ada")
        again = gradebook.find_grade("why_even", "theory", "mini", "ada")
        assert (kept.manual_score, kept.needs_manual_grade) == (3.0, False)
        assert (again.manual_score, again.needs_manual_grade) == (2.0, True)


def test_a_part_that_cannot_be_opened_is_never_a_silent_zero(
    course: Course, graded: GradedClass, tmp_path: Path
) -> None:
    (tmp_path / "submissions").mkdir()
    (tmp_path / "submissions" / "Cleo_Code_mini_written.zip").write_bytes(b"PK\x03\x04 no rest")
    grade(course, tmp_path)
    (cleo,) = (
        one
        for one in read_class(graded.out / "results" / "mini" / "class.json").students
        if one.id == "cleo"
    )
    assert (cleo.status, cleo.parts["written"].status) == ("graded", "rejected")
    done = export("mini", "csv", graded.root, graded.out)
    assert by_student(done.file)["cleo"]["points"] == ""
    assert "the part written could not be graded" in by_student(done.file)["cleo"]["left_out"]


def test_pdf_and_comparison_take_the_notebooks_of_all_parts(graded: GradedClass) -> None:
    folder = graded.out / "results" / "mini"
    tasks = {one.label: one.values() for one in tasks_for([folder], graded.root, None)}
    assert {name: sorted(one["notebooks"]) for name, one in tasks.items()} == {
        "ada": ["lab", "theory"],
        "ben": ["lab", "theory"],
        "cleo": ["lab"],
    }
    works = graded_works(folder, load("mini", graded.root)).works
    found = {work.label: {piece.question for piece in work.pieces} for work in works}
    assert found["Ada Full"] == found["Ben Both"] >= {"double", "why_even"}
    assert found["Cleo Code"] >= {"double"}
    assert "why_even" not in found["Cleo Code"]


def test_a_dry_run_shows_the_parts(course: Course, place: Path, tmp_path: Path) -> None:
    planned = plan_class(sorted((place / "submissions").iterdir()), course.root, out=tmp_path)
    told = [(one.parts, one.student) for one in (preview(each, course.root) for each in planned)]
    assert told == [
        ("code", "ada Ada Full"),
        ("written", "ada Ada Full"),
        ("code, written", "ben Ben Both"),
        ("code", "cleo Cleo Code"),
    ]


def test_gradescope_grades_one_part(course: Course, place: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has the parts code, written"):
        pack("mini", course.root, tmp_path / "a.zip")
    with pytest.raises(UsageError, match="--part lab: mini has the parts"):
        pack("mini", course.root, tmp_path / "a.zip", part="lab")
    packed = pack("mini", course.root, tmp_path / "a.zip", part="code")
    with zipfile.ZipFile(packed.file) as archive:
        settings = json.loads(archive.read("gradescope.json"))
    options = Options(root=course.root, isolation="none", part=settings["part"])
    submissions = place / "submissions"
    whole = grade_one((submissions / "Ben_Both_mini.zip").read_bytes(), "b.zip", "mini", options)
    assert {one.notebook for one in whole.report.questions} == {"lab"}
    assert (whole.report.parts, whole.report.totals.auto_max) == (["code"], 3)
    other = grade_one(
        (submissions / "Ada_Full_mini_written.zip").read_bytes(), "a.zip", "mini", options
    )
    assert other.report.status == "rejected"
    assert other.report.message == (
        "This is a submission of 'Written answers', but the part 'Code' is wanted here. Pack it "
        "with --part code."
    )


def test_the_kit_tells_students_dates_and_commands(course: Course) -> None:
    with zipfile.ZipFile(course.root / "dist" / "mini.zip") as kit:
        readme = kit.read("mini/README.md").decode()
    assert "Due: in parts, the last on 8 February 2026, 00:00 UTC." in readme
    assert (
        "| Code | `lab.ipynb` | 7 | 1 February 2026, 00:00 UTC | "
        "`bash collect_submission.sh --part code` |" in readme
    )
