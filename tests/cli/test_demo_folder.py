"""`autograder demo` replaces only what a demo made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import demo
from autograder.course.assignment import load
from autograder.demo import MARKER
from autograder.errors import CourseError, UsageError
from autograder.own_folder import check_replaceable, make_empty


@pytest.mark.parametrize("out", [".", "assignments", ".."])
def test_it_refuses_a_folder_that_it_did_not_make(
    tiny: Path, status_of: Callable[..., int], capsys: pytest.CaptureFixture[str], out: str
) -> None:
    before = sorted(tiny.rglob("*"))
    assert status_of("demo", "--out", out) == 2
    told = capsys.readouterr().err
    assert str((tiny / out).resolve()) in told
    assert "choose a new folder with --out" in told
    assert sorted(tiny.rglob("*")) == before


def test_it_refuses_a_file(
    tiny: Path, status_of: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / "file").write_text("kept")
    assert status_of("demo", "--out", "file") == 2
    assert "is not a folder" in capsys.readouterr().err
    assert (tiny / "file").read_text() == "kept"


def test_absent_empty_and_own_folders_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    check_replaceable(out, MARKER, "demo")
    out.mkdir()
    check_replaceable(out, MARKER, "demo")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    make_empty(out, MARKER)
    (out / "results" / "deep").mkdir(parents=True)
    (out / "results" / "deep" / "report.json").touch()
    (out / "grades.json").touch()
    (out / "link").symlink_to(outside)
    check_replaceable(out, MARKER, "demo")
    make_empty(out, MARKER)
    assert [file.name for file in out.iterdir()] == [MARKER]
    assert (outside / "kept.txt").exists()
    (out / MARKER).unlink()
    (out / "thesis.tex").touch()
    with pytest.raises(UsageError, match="is not empty"):
        check_replaceable(out, MARKER, "demo")


def test_a_course_with_a_single_question_has_a_demo_class_too(tmp_path: Path) -> None:
    (folder := tmp_path / "assignments" / "small").mkdir(parents=True)
    toml = 'slug = "small"\ntitle = "Small"\n'
    question = '{{title = "{0}", notebook = "lab", kind = "{1}", points = 1, covers = []}}'
    (folder / "assignment.toml").write_text(
        f"{toml}questions.one = {question.format('One', 'code')}\n"
    )
    small = load("small", tmp_path)
    assert demo.loop_question(small) == demo.syntax_question(small) == "one"
    (folder / "assignment.toml").write_text(
        f"{toml}questions.one = {question.format('One', 'theory')}\n"
    )
    with pytest.raises(CourseError, match=r"small/assignment\.toml has no code question"):
        demo.first_half(load("small", tmp_path))
