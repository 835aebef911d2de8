"""Reports as CSV files and as the table at the end of a run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.class_run.class_results import ClassResults, settle_class
from autograder.course.assignment import Assignment
from autograder.intake.roster import Person, Roster
from autograder.publish.console import class_notes, class_table, duration
from autograder.publish.csv_files import FORMULA_START, csv_value
from autograder.publish.csv_files import write_csv as write_class_csv
from autograder.report import (
    Check,
    HandedIn,
    QualityResult,
    QuestionResult,
    Report,
    Student,
    add_up,
)

DUE = datetime(2026, 12, 15, tzinfo=UTC)
COURSE = Assignment(slug="mini", title="Mini", questions={}, due=DUE)


def by_folder(reports: Sequence[Report]) -> dict[str, Report]:
    return {f"{one.file}#{number}": one for number, one in enumerate(reports)}


def settled(*reports: Report, roster: Roster | None = None) -> ClassResults:
    return settle_class(by_folder(reports), COURSE, roster)


def write_csv(reports: Sequence[Report], folder: Path, roster: Roster | None = None) -> list[Path]:
    return write_class_csv(settled(*reports, roster=roster), by_folder(reports), folder)


def question(
    name: str = "kl",
    *,
    score: float | None = 3.5,
    outcomes: dict[str, Any] | None = None,
    **fields: Any,
) -> QuestionResult:
    checks = [
        Check(name=check, title="t", weight=1, outcome=outcome)
        for check, outcome in (outcomes or {}).items()
    ]
    defaults: dict[str, Any] = {
        "title": "T",
        "notebook": "lab",
        "kind": "code",
        "points": 5,
        "outcome": "graded",
        "found": "grade_id",
    }
    return QuestionResult(name=name, score=score, checks=checks, **(defaults | fields))


def report(
    student: str = "s1",
    *questions: QuestionResult,
    name: str = "Ada Lovelace",
    status: Any = "graded",
    **fields: Any,
) -> Report:
    defaults: dict[str, Any] = {
        "file": f"{student}.zip",
        "sha256": "aa",
        "assignment": "mini",
        "seconds": 1.25,
    }
    who = Student(id=student, name=name)
    return Report(
        student=who,
        status=status,
        questions=list(questions),
        totals=add_up(list(questions)),
        **(defaults | fields),
    )


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_totals_have_a_row_for_every_student(tmp_path: Path) -> None:
    essay = question("essay", score=None, kind="theory", points=4, outcome="manual")
    bonus = question("extra", score=2.0, points=3, bonus=True)
    rejected = report("s2", status="rejected", message="The file is no zip.", name="")
    files = write_csv([report("s1", question(), essay, bonus), rejected], tmp_path / "tables")
    assert [file.name for file in files] == ["totals.csv", "kl.csv", "essay.csv", "extra.csv"]
    first, second = rows(tmp_path / "tables" / "totals.csv")
    assert first == {
        "assignment": "mini",
        "file": "s1.zip",
        "id": "s1",
        "name": "Ada Lovelace",
        "group": "",
        "status": "graded",
        "waits": "no",
        "auto": "3.5",
        "auto_max": "5",
        "manual_max": "4",
        "bonus": "2",
        "handed_in": "",
        "time_from": "unknown",
        "late": "",
        "late_s": "",
        "late_penalty": "0",
        "other_files": "",
        "message": "",
        "look_at": "",
        "notes": "",
    }
    assert (second["status"], second["auto"], second["message"]) == (
        "rejected",
        "0",
        "The file is no zip.",
    )


def test_a_question_has_a_column_for_every_check(tmp_path: Path) -> None:
    one = report("s1", question(outcomes={"test_a": "passed", "test_b": "failed"}))
    two = report(
        "s2",
        question(
            score=None,
            outcome="ungraded",
            blank=True,
            found="missing",
            outcomes={"test_a": "ungraded", "test_c[3]": "passed"},
        ),
    )
    write_csv([one, two], tmp_path)
    first, second = rows(tmp_path / "kl.csv")
    assert list(first) == [
        "id",
        "name",
        "score",
        "points",
        "counts",
        "outcome",
        "found",
        "blank",
        "test_a",
        "test_b",
        "test_c[3]",
    ]
    assert (first["test_a"], first["test_b"], first["test_c[3]"]) == ("passed", "failed", "")
    assert (
        second["score"],
        second["points"],
        second["outcome"],
        second["found"],
        second["blank"],
    ) == (
        "",
        "5",
        "ungraded",
        "missing",
        "yes",
    )
    assert (second["test_a"], second["test_b"], second["test_c[3]"]) == ("ungraded", "", "passed")


def test_a_quality_question_has_columns_for_what_was_measured(tmp_path: Path) -> None:
    quality = QualityResult(
        artifact="artifacts/a.safetensors",
        metric="digit_samples",
        full=20,
        half=60,
        value=31.5,
        met="half",
        message="31.5 (within 60).",
        details={"classes": 10, "copies": 3},
    )
    missing = QualityResult(
        artifact="artifacts/a.safetensors",
        metric="digit_samples",
        full=20,
        half=60,
        message="it is missing",
    )
    of = {"kind": "quality", "points": 4}
    write_csv(
        [
            report("s1", question("moons", score=2, found="artifact", quality=quality, **of)),
            report("s2", question("moons", score=0, found="missing", quality=missing, **of)),
            report("s3", question("moons", score=None, outcome="ungraded", **of)),
        ],
        tmp_path,
    )
    measured = ("value", "met", "message", "classes", "copies")
    one, two, three = (
        tuple(row[name] for name in measured) for row in rows(tmp_path / "moons.csv")
    )
    assert one == ("31.5", "half", "31.5 (within 60).", "10", "3")
    assert two == ("", "none", "it is missing", "", "")
    assert three == ("", "", "", "", "")
    assert [row["auto"] for row in rows(tmp_path / "totals.csv")] == ["2", "0", "0"]
    assert [row["auto_max"] for row in rows(tmp_path / "totals.csv")] == ["4", "4", "4"]


def test_a_student_has_one_row_with_the_submission_that_counts(tmp_path: Path) -> None:
    at = HandedIn(time="2026-12-15T00:01:30Z", source="manifest")
    reports = [
        report("s1", question(score=4), file="s1 (10).zip"),
        report("s1", question(score=1), file="s1 (2).zip"),
        report("s2", question(score=2), handed_in=at),
        report("s1", status="rejected"),
    ]
    roster = Roster([Person(id="s1", group="A"), Person(id="s2"), Person(id="s3", name="Cy")])
    write_csv([*reports, report("s4")], tmp_path, roster)
    answers = rows(tmp_path / "kl.csv")
    assert [(row["id"], row["score"]) for row in answers] == [("s1", "4"), ("s2", "2")]
    one, two, missing, waits = rows(tmp_path / "totals.csv")
    assert (one["file"], one["group"]) == ("s1 (10).zip", "A")
    assert set(one["other_files"].split(", ")) == {"s1 (2).zip", "s1.zip"}
    assert (two["handed_in"], two["time_from"], two["late_s"]) == (at.time, "manifest", "90")
    assert (missing["id"], missing["name"], missing["status"]) == ("s3", "Cy", "missing")
    assert (waits["id"], waits["file"], waits["status"]) == ("", "s4.zip", "waits")
    assert "not in the roster" in waits["message"]


def test_quotes_commas_and_line_breaks_keep_their_cell(tmp_path: Path) -> None:
    write_csv([report("s1", question(), name='Smith, "Bo"\r\nJr', message="a,b\nc")], tmp_path)
    (row,) = rows(tmp_path / "totals.csv")
    assert (row["name"], row["message"]) == ('Smith, "Bo" Jr', "a,b c")
    assert len((tmp_path / "totals.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("start", list(FORMULA_START))
def test_text_cannot_become_a_formula(tmp_path: Path, start: str) -> None:
    write_csv([report("s1", question(), name=f"{start}HYPERLINK(1)")], tmp_path)
    assert rows(tmp_path / "kl.csv")[0]["name"].startswith("'")


@given(st.text(max_size=40))
def test_no_text_at_all_can_become_a_formula(text: str) -> None:
    cell = csv_value(text)
    assert cell[:1] == "'" or cell.strip()[:1] not in [*FORMULA_START]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow([cell, "end"])
    stream.seek(0)
    assert list(csv.reader(stream)) == [[cell, "end"]]


def test_numbers_stay_numbers() -> None:
    values = [
        0,
        5.0,
        3.3333333333,
        -3.0,
        -0.0,
        1e-9,
        1234567.5,
        float("nan"),
        float("inf"),
        None,
        True,
        "5",
    ]
    assert [csv_value(value) for value in values] == [
        "0",
        "5",
        "3.333333",
        "-3",
        "0",
        "0",
        "1234567.5",
        "",
        "",
        "",
        "yes",
        "5",
    ]


def test_a_question_cannot_take_the_place_of_another_file(tmp_path: Path) -> None:
    write_csv([report("s1", question("totals"))], tmp_path)
    assert rows(tmp_path / "totals.csv")[0]["auto_max"] == "5"
    assert rows(tmp_path / "question_totals.csv")[0]["points"] == "5"
    with pytest.raises(ValueError, match="not the name of a question"):
        write_csv([report("s1", question("../escape"))], tmp_path)


def shown(*reports: Report, roster: Roster | None = None) -> str:
    console = Console(
        file=io.StringIO(),
        width=200,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    results = settled(*reports, roster=roster)
    console.print(class_table(results))
    for line in class_notes(results):
        console.print(line)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_class_table_says_what_a_person_must_do() -> None:
    essay = question("essay", score=None, kind="theory", points=4, outcome="manual")
    improve = question(
        "improve", score=None, kind="experiment", points=6, bonus=True, outcome="manual"
    )
    text = shown(report("s1", question(), essay, improve, question("extra", score=2, bonus=True)))
    for part in ("Ada Lovelace", "graded", "3.5 / 5", " 2 ", "2 (4 points)"):
        assert part in text
    rejected = shown(report("s2", status="rejected", message="The file is no zip."))
    assert "The file is no zip." in rejected
    assert " / " not in rejected


def test_the_class_table_shows_strangers_text_as_text() -> None:
    text = shown(
        report(
            "s1",
            question(),
            name="[bold red]Bo[/] [link=http://evil.example]x[/link]",
            message="\x1b]0;owned\x07\u202egnp.exe [/]",
        )
    )
    assert "[bold red]Bo[/] [link=http://evil.example]x[/link]" in text
    assert "]0;ownedgnp.exe [/]" in text
    assert not {"\x1b]", "\x07", "\u202e"} & {
        text[i : i + n] for n in (1, 2) for i in range(len(text))
    }


def test_an_empty_class_is_a_table_without_rows(tmp_path: Path) -> None:
    assert "student" in shown()
    assert [file.name for file in write_csv([], tmp_path)] == ["totals.csv"]
    assert rows(tmp_path / "totals.csv") == []


def test_below_the_table_is_which_file_counts_what_waits_and_who_is_missing() -> None:
    at = HandedIn(time="2026-12-16T02:05:00Z", source="manifest")
    one, again = report("s1", question()), report("s1", question(), file="s1-1.zip", handed_in=at)
    roster = Roster([Person(id="s1", name="Ada"), Person(id="s3", name="Cy [red]")])
    text = shown(one, again, report("s4", name="\x1b[2JEve"), roster=roster)
    assert "Ada: s1.zip counts (the only one that is not late). Not: s1-1.zip (late" in text
    assert "waits for manual review:\n  s4.zip: the id s4 is not in the roster" in text
    assert "no submission (1 of the roster):\n  s3 Cy [red]" in text
    assert "1 d 2 h" in shown(again) and "1 d 2 h" not in text
    assert "\x1b[2J" not in text
    assert "counts" not in shown(one)
    one.student.contradictions = ["name"]
    assert "to check:\n  s1.zip: counts for s1; its file name is that of s1" in shown(
        one, roster=roster
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 min"), (3600, "1 h"), (7500, "2 h 5 min"), (90_061, "1 d 1 h"), (86_400, "1 d")],
)
def test_how_late(seconds: float, said: str) -> None:
    assert duration(seconds) == said
