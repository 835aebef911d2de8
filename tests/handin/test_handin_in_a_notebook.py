"""`from dgm.handin import collect`, as called from a notebook cell, on Colab for example."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from dgm.handin import HandInError, collect
from student_kit import DECLARATION, Kit, manifest

ADA = {"name": "Ada Lovelace", "id": "s1815", "collaborators": "None", "honest": True}


@pytest.fixture
def here(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """The kit, with its folder as the current one, as a notebook of it has."""
    monkeypatch.chdir(kit.folder)
    return kit


def test_it_prints_what_the_script_prints_and_returns_the_path(
    here: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    here.cell("kl_meaning")["source"] = here.blank_source("kl_meaning")
    here.save()
    path = collect(**ADA)
    assert path == here.folder / "Ada_Lovelace_vae.zip"
    written = manifest(path)
    assert (written["id"], written["warnings"]) == (
        "s1815",
        ["theory.ipynb: kl_meaning: left blank."],
    )
    shown = capsys.readouterr()
    assert shown.err == "", "Jupyter shows it in red"
    script = here.run(
        "--name", "Ada Lovelace", "--id", "s1815", "--collaborators", "None", "--honest"
    )
    assert script.stderr.replace("--honest", "honest=True") == shown.out


def test_the_kit_is_found_from_a_folder_in_it(here: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    (here.folder / "artifacts").mkdir()
    monkeypatch.chdir(here.folder / "artifacts")
    assert collect(**ADA, output=here.outbox).parent == here.outbox


def test_the_kit_is_found_from_its_dgm(kit: Kit, tmp_path: Path) -> None:
    line = f"import sys; sys.path.insert(0, {str(kit.folder)!r})\n"
    line += "from dgm.handin import collect\n"
    line += f"print(collect(**{ADA!r}))"
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == str(tmp_path / "Ada_Lovelace_vae.zip")


def test_what_is_missing_is_named_as_an_argument(here: Kit) -> None:
    with pytest.raises(HandInError) as caught:
        collect(name="Ada Lovelace")
    assert str(caught.value) == (
        "collect asks nothing, so these are needed: id=, collaborators=, honest=True. "
        f'With honest=True you declare: "{DECLARATION}"'
    )
    assert type(caught.value) is HandInError and caught.value.__suppress_context__
    assert not list(here.folder.glob("*.zip"))


def test_an_earlier_archive_is_replaced_only_with_force(here: Kit) -> None:
    first = collect(**ADA)
    before = first.read_bytes()
    with pytest.raises(HandInError, match="already exists: replace it with force=True"):
        collect(**ADA)
    assert first.read_bytes() == before
    assert collect(**ADA, force=True) == first


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"id": "a b"}, "id=: an id is"),
        ({"id": 1815}, None),
        ({"slug": "gan"}, "there is no assignment 'gan'"),
    ],
)
def test_a_wrong_argument_is_named(here: Kit, wrong: dict[str, str], sentence: str | None) -> None:
    if sentence is None:
        assert manifest(collect(**{**ADA, **wrong}))["id"] == "1815", "a number will do"
        return
    with pytest.raises(HandInError, match=sentence):
        collect(**{**ADA, **wrong})


def test_every_broken_notebook_is_named(here: Kit) -> None:
    here.file("lab.ipynb", b"{")
    (here.folder / "theory.ipynb").unlink()
    with pytest.raises(HandInError) as caught:
        collect(**ADA)
    assert [line.split(" is ")[0] for line in str(caught.value).splitlines()] == [
        "lab.ipynb",
        "theory.ipynb",
    ]


def test_ipython_shows_the_sentences_without_a_traceback(here: Kit) -> None:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell()
    with capture_output() as captured:
        result = shell.run_cell("from dgm.handin import collect\ncollect()")
    assert isinstance(result.error_in_exec, HandInError)
    assert captured.stdout.startswith("HandInError: collect asks nothing"), captured.stdout
    assert "Traceback" not in captured.stdout


def test_no_folder_of_a_kit_is_said_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dgm.handin import kit as kit_module

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kit_module, "__file__", str(tmp_path / "dgm" / "handin" / "kit.py"))
    with pytest.raises(HandInError, match=r"is not a kit folder: assignment\.json is missing here"):
        collect(**ADA)
