"""Which part of an assignment an archive hands in, and whose it is by its name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from test_intake import BOTH, LAB, THEORY, VAE, manifest, zipped

from autograder.class_run.which_assignment import name_endings, slug_by_name, slug_of
from autograder.course.parts import Part
from autograder.intake.read import read_submission
from autograder.intake.who import attempt_number, contradictions, identify, part_in_name

DUE = datetime(2026, 12, 1, tzinfo=UTC)
PARTED = msgspec.structs.replace(
    VAE,
    parts={
        "code": Part(title="Code", notebooks=["lab"], due=DUE),
        "written": Part(title="Written", notebooks=["theory"], due=DUE),
    },
)


@pytest.mark.parametrize(
    ("files", "named", "parts"),
    [
        ({"lab.ipynb": LAB}, None, ["code"]),
        ({"lab.ipynb": LAB}, "code", ["code"]),
        (BOTH, None, ["code", "written"]),
        # what a person has put into the archive by hand is handed in as well
        (BOTH, "code", ["code", "written"]),
        ({"theory.ipynb": THEORY}, "code", ["code", "written"]),
        ({"lab.ipynb": LAB}, "unknown", ["code"]),
        ({"lab.ipynb": LAB}, ["code"], ["code"]),
        ({"vae/lab (1).ipynb": LAB}, None, ["code"]),
        # nothing tells: everything was meant, as without parts
        ({"homework.ipynb": b"{}"}, None, ["code", "written"]),
    ],
)
def test_the_manifest_and_the_notebooks_tell_the_part(
    files: dict[str, bytes], named: object, parts: list[str]
) -> None:
    data = zipped({**files, "submission.json": manifest(files, part=named)})
    assert read_submission(data, "Some_One_vae.zip", PARTED).parts == parts
    assert read_submission(data, "Some_One_vae.zip", VAE).parts == []


def test_notebooks_of_other_parts_are_not_missing() -> None:
    opened = read_submission(zipped({"lab.ipynb": LAB}), "Some_One_vae_code.zip", PARTED)
    assert not any("theory" in note for note in opened.notes)
    whole = read_submission(zipped({"lab.ipynb": LAB}), "Some_One_vae.zip", VAE)
    assert "theory.ipynb is not in the archive" in whole.notes[0]


def test_a_notebook_that_the_manifest_promises_is_missing() -> None:
    files = {"theory.ipynb": THEORY}
    data = zipped({**files, "submission.json": manifest(files, part="code")})
    opened = read_submission(data, "Some_One_vae_code.zip", PARTED)
    assert "lab.ipynb is not in the archive" in opened.notes[0]


@pytest.mark.parametrize(
    ("file", "name", "part", "number"),
    [
        ("Some_One_vae_code.zip", "Some One", "code", ()),
        ("Some_One_vae_code-2.zip", "Some One", "code", (2,)),
        ("Some_One_vae_written (3).zip", "Some One", "written", (3,)),
        ("Some_One_vae.zip", "Some One", "", ()),
        ("Some_One_vae-1.zip", "Some One", "", (1,)),
    ],
)
def test_the_part_in_a_name_is_no_part_of_the_student(
    file: str, name: str, part: str, number: tuple[int, ...]
) -> None:
    assert identify(file, PARTED).name == name
    assert part_in_name(file, PARTED) == part
    assert attempt_number(file, PARTED) == number
    assert contradictions(file, "s1", name, PARTED) == []
    assert contradictions(file, "s1", "Other Body", PARTED) == ["name"]


def test_a_student_called_like_a_part_keeps_the_name() -> None:
    course = msgspec.structs.replace(PARTED, archive_name="{slug}_{name}.zip")
    assert identify("vae_Ada_Code.zip", course).name == "Ada Code"
    assert identify("vae_Ada_code.zip", course).name == "Ada"


def test_the_name_of_a_part_tells_the_assignment(tmp_path: Path) -> None:
    for slug, more in {"vae": "", "gan": PART}.items():
        folder = tmp_path / "assignments" / slug
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text(f'slug = "{slug}"\n{TOML}{more}')
    assert slug_of("Some_One_gan_code-1.zip", tmp_path) == "gan"
    assert slug_of("Some_One_gan.zip", tmp_path) == "gan"
    assert slug_by_name("Some_One_vae_code.zip", name_endings(tmp_path)) == ""


TOML = """
title = "T"
[questions.q]
title = "Q"
notebook = "lab"
kind = "theory"
points = 1
covers = []
"""
PART = """
[parts.code]
title = "Code"
notebooks = ["lab"]
due = 2026-12-01T00:00:00Z
"""
