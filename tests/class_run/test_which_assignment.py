"""Which assignment a file hands in: suffixes hide nothing, and where no name tells, a manifest."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.class_run import which_assignment
from autograder.class_run.which_assignment import slug_of
from autograder.errors import AutograderError


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for slug in ("vae", "gan", "my_gan"):
        folder = tmp_path / "course" / "assignments" / slug
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text("")
    return tmp_path / "course"


def handed_in(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    (folder / name).write_bytes(data.getvalue())
    return folder / name


@pytest.mark.parametrize("added", ["", "-1", " (10)", "(2)", " copy", " - Copy", ".zip", "-2 (1)"])
def test_what_is_added_to_a_name_hides_no_assignment(course: Path, added: str) -> None:
    assert slug_of(f"Ada_Lovelace_vae{added}.zip", course) == "vae"
    assert slug_of(f"VAE{added}.ZIP", course) == "vae"


MANIFEST = json.dumps({"schema": 1, "slug": "gan"}).encode()


@pytest.mark.parametrize(
    "files",
    [
        {"submission.json": MANIFEST},
        {"gan/submission.json": b"\xef\xbb\xbf" + MANIFEST, "gan/lab.ipynb": b"{}"},
    ],
    ids=["at the top", "in a folder, with a BOM"],
)
@pytest.mark.parametrize("name", ["homework.zip", "Ada_my_gan.zip", "x"])
def test_where_the_name_does_not_tell_the_manifest_does(
    course: Path, tmp_path: Path, name: str, files: dict[str, bytes]
) -> None:
    assert slug_of(handed_in(tmp_path, name, files), course) == "gan"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"lab.ipynb": b"{}"},
        {"submission.json": b"["},
        {"submission.json": b"[" * 100_000},
        {"submission.json": b'{"slug": 7}'},
        {"submission.json": b'{"slug": "../vae"}'},
        {"a/submission.json": MANIFEST, "b/submission.json": MANIFEST},
        {"a/b/submission.json": MANIFEST},
        {"submission.json": MANIFEST + b" " * 300_000},
        {"submission.json": MANIFEST, "../x": b""},
        {"submission.json": MANIFEST} | {f"{number}": b"" for number in range(600)},
    ],
    ids=[
        "empty",
        "no manifest",
        "no JSON",
        "deep",
        "a number",
        "a path",
        "two",
        "far down",
        "large",
        "hostile",
        "many files",
    ],
)
def test_where_nothing_tells_a_person_has_to(
    course: Path, tmp_path: Path, files: dict[str, bytes]
) -> None:
    with pytest.raises(AutograderError, match=r"homework\.zip: its assignment is unknown"):
        slug_of(handed_in(tmp_path, "homework.zip", files), course)


def test_what_is_no_zip_is_told_from_its_name_alone(course: Path, tmp_path: Path) -> None:
    (tmp_path / "homework.zip").write_bytes(b"PK\x03\x04 not the rest")
    for file in ("homework.zip", "gone.zip"):
        with pytest.raises(AutograderError, match="its assignment is unknown"):
            slug_of(tmp_path / file, course)


def test_a_file_whose_name_tells_is_not_opened(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object) -> bytes:
        raise AssertionError("opened")

    monkeypatch.setattr(which_assignment, "read_file", opened)
    assert slug_of("Ada_vae (2).zip", course) == "vae"


def test_a_bomb_costs_no_more_than_in_intake(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = handed_in(tmp_path, "homework.zip", {"submission.json": bytes(64 * 2**20)})
    with pytest.raises(AutograderError, match="its assignment is unknown"):
        slug_of(bomb, course)
