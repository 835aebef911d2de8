"""No file name reaches a terminal with what would move its cursor, colour it or forge a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.intake.untrusted_text import printable, shown

HOSTILE = "Ada\x1b[2J\nBob: unchanged\x9b31m\u202e_tiny"
Status = Callable[..., int]


def assert_harmless(text: str) -> None:
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(text)
    assert not [line for line in text.splitlines() if line.startswith("Bob")]


def test_a_name_is_one_line_without_control_characters() -> None:
    assert shown(HOSTILE) == "Ada[2J Bob: unchanged31m_tiny"
    assert shown(Path("a/b c.zip")) == "a/b c.zip"


def test_text_of_several_lines_keeps_them_and_its_blanks() -> None:
    assert printable("a\x1b[2J\n    b\tc\r\n") == "a[2J\n    b\tc\n"


def write_release(course: Path) -> None:
    """A notebook with the question's cell and nothing else."""
    marks = {"grade_id": "test_double", "grade": True, "points": 1, "schema_version": 3}
    cell = nbformat.v4.new_code_cell(metadata={"nbgrader": marks})
    for name in ("source", "release"):
        (course / name / "tiny").mkdir(parents=True)
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, course / name / "tiny" / "lab.ipynb")


@pytest.fixture
def folder(tiny: Path) -> Path:
    """Hand-ins with hostile names: a zip, and a file that is not one."""
    folder = tiny / f"{HOSTILE} folder"
    folder.mkdir()
    for suffix in (".zip", ".txt"):
        (folder / f"{HOSTILE}{suffix}").write_bytes(b"")
    return folder


def test_a_dry_run_shows_clean_names(
    tiny: Path,
    folder: Path,
    status_of: Status,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_release(tiny)
    assert status_of("grade", folder, "--dry-run") == 0
    told = capsys.readouterr()
    assert "not graded yet" in told.out
    assert "Bob: unchanged31m_tiny.zip: The archive is empty" in told.out
    assert told.err.startswith("not graded, neither an archive nor a notebook: ")
    assert "Bob: unchanged31m_tiny.txt" in told.err
    assert_harmless(told.out + told.err)


@pytest.mark.parametrize("verb", ["grade", "report"])
def test_errors_show_clean_names(
    folder: Path, status_of: Status, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (folder / f"{HOSTILE}.zip").unlink()
    for path in (folder, folder / f"{HOSTILE} gone"):
        assert status_of(verb, path) == 2
    told = capsys.readouterr().err
    assert told.count("Ada[2J Bob: unchanged31m_tiny") >= 2
    assert_harmless(told)


def test_a_file_that_is_not_a_report_is_named_cleanly(
    folder: Path, status_of: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("report", folder / f"{HOSTILE}.txt") == 1
    told = capsys.readouterr().err
    assert "Ada[2J Bob: unchanged31m_tiny.txt is not a report" in told
    assert_harmless(told)


def test_a_broken_report_of_an_earlier_run_is_named_cleanly(
    tiny: Path,
    folder: Path,
    status_of: Status,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_release(tiny)
    broken = tiny / "results" / "tiny" / HOSTILE / "report.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    assert status_of("grade", folder, "--dry-run") == 0
    told = capsys.readouterr()
    assert "graded again, because this report cannot be read" in told.err
    assert_harmless(told.out + told.err)
