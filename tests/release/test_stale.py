"""Grading refuses when the release is not what assignment.toml and the text give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mini_course import Course

from autograder.class_run.run import plan_class
from autograder.errors import CourseError
from autograder.release.release import release
from autograder.release.stale import problem_with_release

NEW = """
[questions.odd]
title = "Odd"
notebook = "theory"
kind = "theory"
points = 4
covers = ["parity"]

[questions.why_even]"""
STALE: dict[str, tuple[Callable[[Course], None], str]] = {
    "a question in the table alone": (
        lambda c: c.toml("\n[questions.why_even]", NEW),
        "release/mini/theory.ipynb does not have question odd",
    ),
    "other points": (
        lambda c: c.toml("points = 3", "points = 7"),
        "release/mini/lab.ipynb gives question double 3 points, assignment.toml gives it 7",
    ),
    "a text that was changed": (
        lambda c: c.lab("A lab about doubling", "A lab about twice"),
        "source/mini/lab.ipynb is not what assignments/mini gives (cell lab_001)",
    ),
    "a cell that was added": (
        lambda c: c.lab("# ## How fast", "# # More\n\n# %% [markdown]\n# ## How fast"),
        "source/mini/lab.ipynb is not what assignments/mini gives",
    ),
    "a release that was not built": (
        lambda c: (c.root / "release/mini/theory.ipynb").unlink(),
        "release/mini/theory.ipynb is missing: run `autograder release mini`",
    ),
    "a release that is no notebook": (
        lambda c: (c.root / "release/mini/theory.ipynb").write_text("<<<<<<< HEAD") and None,
        "release/mini/theory.ipynb cannot be read",
    ),
}


@pytest.mark.parametrize("what", STALE)
def test_grading_and_dry_run_refuse(course: Course, tmp_path: Path, what: str) -> None:
    """Both begin with plan_class; doctor shows the sentence."""
    release("mini", course.root)
    file = tmp_path / "Ada_Lovelace_mini.zip"
    file.write_bytes(b"PK")
    assert len(plan_class([file], course.root, out=tmp_path / "out")) == 1
    change, sentence = STALE[what]
    change(course)
    with pytest.raises(CourseError) as caught:
        plan_class([file], course.root, out=tmp_path / "out")
    assert sentence in caught.value.message
    assert "`autograder release mini`" in caught.value.message
    assert problem_with_release("mini", course.root) == caught.value.message
    assert not (tmp_path / "out").exists()


def test_what_changes_no_cell_needs_no_release(course: Course) -> None:
    """A due date, limits and the like are read when grading."""
    release("mini", course.root)
    course.toml("due = 2030-01-31", "due = 2031-01-31")
    course.toml('archive_name = "{name}', 'late_attempts_count = true\narchive_name = "{name}')
    assert problem_with_release("mini", course.root) == ""


def test_a_course_without_its_text_is_held_against_the_table(course: Course) -> None:
    release("mini", course.root)
    for name in ("lab.py", "theory.md"):
        (course.text / name).unlink()
    assert problem_with_release("mini", course.root) == ""
    course.toml("points = 3", "points = 7")
    assert "gives question double 3 points" in problem_with_release("mini", course.root)


def test_the_doctor_shows_it(course: Course) -> None:
    from autograder.doctor import _course, can_grade

    facts = _course(course.root)
    assert not can_grade(facts) and "is missing" in facts[0].here
    release("mini", course.root)
    assert [(fact.name, fact.here) for fact in _course(course.root)] == [("mini", "released")]
    course.toml("points = 3", "points = 7")
    (fact,) = _course(course.root)
    assert (fact.state, fact.cure) == ("missing", "autograder release mini")
    assert "gives question double 3 points" in fact.here
    course.toml("points = 7", 'points = "seven"')
    (fact,) = _course(course.root)
    assert fact.state == "missing" and "question double" in fact.here
