"""Whose score moved: between two reports, and in the file that keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.class_run.changes import CHANGES, append, compare, since
from autograder.publish.console import changes_table
from autograder.report import Check, Outcome, QuestionResult, Report, Student, add_up

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def report(
    score: float | None = 2.0, student: str = "s1", weight: float = 1, **checks: Outcome
) -> Report:
    made = [
        Check(name=name, title=f"title of {name}", weight=weight, outcome=outcome)
        for name, outcome in checks.items()
    ]
    questions = [
        QuestionResult(
            name="kl", title="KL", notebook="lab", kind="code", points=4, score=score, checks=made
        ),
        QuestionResult(name="essay", title="Essay", notebook="lab", kind="theory", points=4),
    ]
    who = Student(id=student, name="[red]=Ada\x1b[31m")
    return Report(
        assignment="vae",
        file="a.zip",
        sha256="",
        status="graded",
        student=who,
        questions=questions,
        totals=add_up(questions),
    )


def moved(before: Report, after: Report) -> list[tuple[Any, ...]]:
    return [
        (
            change.question,
            change.before,
            change.after,
            [(check.name, check.before, check.after) for check in change.checks],
        )
        for change in compare(before, after, "why")
    ]


def test_a_score_that_moved_names_the_checks_that_did() -> None:
    before = report(2.0, a="passed", b="failed", gone="passed")
    after = report(4.0, a="passed", b="passed", new="passed")
    assert moved(before, after) == [
        (
            "kl",
            2.0,
            4.0,
            [("b", "failed", "passed"), ("gone", "passed", None), ("new", None, "passed")],
        )
    ]


def test_where_no_outcome_changed_the_weights_did() -> None:
    assert moved(report(2.0, a="passed", weight=1), report(3.0, a="passed", weight=2)) == [
        ("kl", 2.0, 3.0, [("a", "passed", "passed")])
    ]


def test_a_score_that_came_or_went_moved() -> None:
    assert moved(report(None, a="ungraded"), report(4.0, a="passed")) == [
        ("kl", None, 4.0, [("a", "ungraded", "passed")])
    ]
    rejected = report()
    rejected.questions = []
    assert moved(report(2.0), rejected) == [("", 2.0, None, [])]


@pytest.mark.parametrize(
    "after",
    [report(2.0, a="failed"), report(4.0, student="s2")],
    ids=["same score", "somebody else"],
)
def test_what_is_no_move(after: Report) -> None:
    assert moved(report(2.0, a="passed"), after) == []


def test_a_first_grading_moves_nothing() -> None:
    waited = report()
    waited.questions = []
    assert moved(waited, report(4.0)) == []


def test_changes_are_added_to_what_is_there_and_read_once_each(tmp_path: Path) -> None:
    first, second = compare(report(2.0), report(3.0), "a"), compare(report(3.0), report(1.0), "b")
    append(tmp_path, first)
    append(tmp_path, [])
    append(tmp_path, first)  # a run that was killed before it had written the report says it again
    with (tmp_path / CHANGES).open("ab") as stream:
        stream.write(b'{"at": "half a li')
    append(tmp_path, second)
    assert since(tmp_path, EARLY) == first + second
    assert len((tmp_path / CHANGES).read_bytes().splitlines()) == 3
    assert since(tmp_path, datetime.now(UTC) + timedelta(hours=1)) == []
    assert since(tmp_path / "absent", EARLY) == []


def test_half_a_line_that_nothing_followed_is_left_out(tmp_path: Path) -> None:
    first = compare(report(2.0), report(3.0), "a")
    append(tmp_path, first)
    with (tmp_path / CHANGES).open("ab") as stream:
        stream.write(b'{"at": "half a li')
    assert since(tmp_path, EARLY) == first


def test_the_table_says_who_how_much_and_on_which_check() -> None:
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    waits = compare(report(None, a="ungraded"), report(4.0, a="passed"), "why")
    console.print(
        changes_table([*compare(report(2.0, a="failed"), report(3.5, a="passed"), "why"), *waits])
    )
    text = console.export_text()
    assert "[red]=Ada" in text
    assert "\x1b[31m" not in text
    row, other = [line for line in text.splitlines() if "Ada" in line]
    for cell in ("kl", " 2 ", " 3.5 ", "+1.5", "a (title of a): failed -> passed"):
        assert cell in row
    assert "waits" in other
