"""Exit statuses: 0 ran, 1 our fault, 2 usage, 3 some submission is ungraded; each explained."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.report import read

ROOT = Path(__file__).resolve().parents[2]
Status = Callable[..., int]

ASKED_WRONGLY = {
    "a path that does not exist": (["grade", "gone"], "there is no file or folder gone"),
    "a folder without a submission": (["grade", "assignments"], "nothing to grade in assignments"),
    "a report that does not exist": (["report", "gone"], "there is no file or folder gone"),
    "a folder without reports": (["report", "assignments"], "there is no report.json in"),
    "a report on nothing": (["report"], "there is no folder results here. Name the results folder"),
    "an unknown assignment": (["release", "gone"], "no assignment 'gone'"),
    "an unknown assignment to audit": (["audit", "gone"], "no assignment 'gone'"),
    "an unknown assignment to grade": (
        ["grade", "a.zip", "--assignment", "gone"],
        "no assignment 'gone'",
    ),
    "the same, dry": (
        ["grade", "a.zip", "--assignment", "gone", "--dry-run"],
        "no assignment 'gone'",
    ),
    "an unknown question": (
        ["audit", "tiny", "--question", "gone"],
        "'gone' is not a code question of tiny: they are double",
    ),
    "an unknown isolation": (
        ["grade", "a.zip", "--isolation", "gone"],
        "unknown isolation 'gone': choose one of auto",
    ),
    "the same on a cluster": (
        ["grade", "a.zip", "--isolation", "gone", "--scheduler", "tcp://127.0.0.1:1"],
        "unknown isolation 'gone'",
    ),
    "an --out that is a file": (
        ["grade", "a.zip", "--out", "a.zip", "--isolation", "none"],
        "a.zip cannot be written to: File exists. Choose another --out",
    ),
    "an --out below a file": (
        ["grade", "a.zip", "--out", "a.zip/out", "--isolation", "none"],
        "a.zip/out cannot be written to: Not a directory",
    ),
    "a course in a file": (["init", "a.zip"], "not an empty folder"),
    "a course below a file": (["init", "a.zip/course"], "a.zip/course cannot be made"),
    "the same for an audit": (["audit", "--isolation", "gone"], "unknown isolation 'gone'"),
    "an unknown option": (["grade", "a.zip", "--gone"], "No such option"),
}


@pytest.mark.parametrize(("arguments", "sentence"), ASKED_WRONGLY.values(), ids=ASKED_WRONGLY)
def test_what_was_asked_wrongly_ends_with_2(
    tiny: Path,
    status_of: Status,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    (tiny / "a.zip").write_bytes(b"")
    (tiny / "data").mkdir()
    assert status_of(*arguments) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["release"], ["grade", "."], ["audit"], ["doctor"], ["demo"]])
def test_no_course_here_ends_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status_of: Status,
    capsys: pytest.CaptureFixture[str],
    verb: list[str],
) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert status_of(*verb) == 2
    told = capsys.readouterr().err
    assert "is not in a course" in told
    assert "AUTOGRADER_COURSE" in told
    assert "autograder init DIR" in told
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_course_ends_with_1(
    tiny: Path, status_of: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / "assignments" / "tiny" / "assignment.toml").write_text("slug = ")
    assert status_of("release", "tiny") == 1
    assert "assignment.toml" in capsys.readouterr().err


# A gradebook that cannot be written


@pytest.fixture
def rejected(tmp_path: Path) -> Path:
    """A hand-in of the real course that is graded in no time."""
    file = tmp_path / "Ada_Full_vae.zip"
    file.write_bytes(b"not a zip")
    return file


def grade(status_of: Status, file: Path, out: Path) -> int:
    return status_of("grade", file, "--out", out, "--isolation", "none", "--jobs", 1)


@pytest.fixture
def in_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(ROOT))
    monkeypatch.setenv("AUTOGRADER_SECRET", "of the tests")


@pytest.mark.usefixtures("in_checkout")
def test_a_broken_gradebook_costs_no_result_and_ends_with_1(
    tmp_path: Path, rejected: Path, status_of: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "gradebook.db").write_text("not a database " * 100)
    assert grade(status_of, rejected, out) == 1
    told = capsys.readouterr()
    assert f"{out / 'gradebook.db'} is not up to date for vae" in told.err
    assert "Traceback" not in told.err
    assert "rejected" in told.out, "the class table is printed all the same"
    assert read(out / "results" / "vae" / "Ada_Full_vae" / "report.json").status == "rejected"
    assert "Ada_Full_vae" in (out / "results" / "vae" / "csv" / "totals.csv").read_text()
    (out / "gradebook.db").unlink()
    assert grade(status_of, rejected, out) == 0
    assert "not graded again: 1" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.usefixtures("in_checkout")
def test_a_locked_gradebook_costs_no_result_and_ends_with_1(
    tmp_path: Path, rejected: Path, status_of: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert grade(status_of, rejected, out) == 0
    capsys.readouterr()
    second = rejected.with_name("Ben_Half_vae.zip")
    second.write_bytes(b"not a zip either")
    other = sqlite3.connect(out / "gradebook.db")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert grade(status_of, second, out) == 1
    finally:
        other.close()
    assert "database is locked" in capsys.readouterr().err
    assert read(out / "results" / "vae" / "Ben_Half_vae" / "report.json").status == "rejected"


@pytest.mark.parametrize("arguments", [["-h"], ["grade", "-h"], ["report", "-h"]])
def test_h_is_help(
    status_of: Status, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert status_of(*arguments) == 0
    assert "Usage" in capsys.readouterr().out


def test_reports_are_looked_for_in_results(
    tiny: Path, status_of: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / "results").mkdir()
    assert status_of("report") == 2
    assert "there is no report.json in results" in capsys.readouterr().err
    (tiny / "grades.json").write_text("[]")
    assert status_of("report", "grades.json") == 0
    assert "There are no reports yet." in capsys.readouterr().out


def test_ctrl_c_says_how_to_go_on(
    tiny: Path,
    status_of: Status,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import autograder.release.release as module

    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "release", interrupted)
    assert status_of("release", "tiny") == 130
    told = capsys.readouterr().err
    assert "autograder: stopped; run the same command again to go on" in told
    assert "Traceback" not in told and "Aborted" not in told
