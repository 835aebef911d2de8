"""A PDF beside the archive, where the course's program is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dgm.handin.dialogue import Dialogue
from dgm.handin.kit import Kit
from dgm.handin.pdf_copy import offer_pdf


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "a kit", "mini", "Mini", "", "", [], {"theory": [], "lab": []})


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program `autograder` on the PATH."""
    file = folder / "bin" / "autograder"
    file.parent.mkdir()
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}{os.pathsep}{os.environ['PATH']}")


def test_the_notebooks_are_typeset_into_the_archives_folder(
    kit: Kit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/told; echo out/mini.pdf', monkeypatch)
    offer_pdf(kit, tmp_path, True, Dialogue(False, "collect"))
    told = (tmp_path / "told").read_text().splitlines()
    notebooks = [str(kit.folder / name) for name in ("theory.ipynb", "lab.ipynb")]
    assert told == ["pdf", "--out", str(tmp_path), *notebooks]
    written = capsys.readouterr()
    assert "out/mini.pdf" in written.err and written.out == ""


def test_its_failure_costs_nothing_else(
    kit: Kit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program(tmp_path, "echo No such command pdf. >&2; exit 2", monkeypatch)
    offer_pdf(kit, tmp_path, True, Dialogue(False, "collect"))
    assert "no PDF: No such command pdf." in capsys.readouterr().err


def test_it_is_not_mentioned_without_the_program_or_a_terminal(
    kit: Kit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    offer_pdf(kit, tmp_path, False, Dialogue(True, "collect"))
    offer_pdf(kit, tmp_path, True, Dialogue(False, "collect"))
    assert "is not installed on this machine" in capsys.readouterr().err
    program(tmp_path, "exit 9", monkeypatch)
    offer_pdf(kit, tmp_path, False, Dialogue(False, "collect"))
    assert capsys.readouterr().err == ""
    offer_pdf(kit, tmp_path, False, Dialogue(True, "collect"))
    assert "add --pdf" in capsys.readouterr().err
