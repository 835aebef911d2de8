"""Handing in one part of an assignment, from the shell and from a notebook cell."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from dgm.handin import HandInError, collect
from student_kit import Kit, notebook_bytes

MEASURED = {"artifacts/samples.safetensors": "Samples", "artifacts/other.safetensors": "Other"}


@pytest.fixture
def parted(kit: Kit) -> Kit:
    kit.spec["parts"] = {
        "code": {
            "title": "Code",
            "due": "2026-12-01T00:00:00+00:00",
            "notebooks": ["lab"],
            "measured": ["artifacts/samples.safetensors"],
        },
        "written": {
            "title": "Written answers",
            "due": "2026-12-08T00:00:00+00:00",
            "notebooks": ["theory"],
            "measured": [],
        },
    }
    return kit


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return sorted(opened.namelist())


def test_a_part_has_its_notebooks_its_name_and_the_artifacts(parted: Kit) -> None:
    parted.file("artifacts/samples.safetensors", b"x")
    said, manifest = parted.collect("--part", "code")
    assert "part 'Code'" in said
    assert "theory" not in said
    assert manifest["part"] == "code"
    assert names(parted.outbox / "Ada_Lovelace_vae_code.zip") == [
        "artifacts/samples.safetensors",
        "lab.ipynb",
        "submission.json",
    ]


def test_without_a_part_everything_is_handed_in(parted: Kit) -> None:
    said, manifest = parted.collect()
    assert "all parts are handed in; for one of them alone add --part (code, written)" in said
    assert "part" not in manifest
    assert names(parted.outbox / "Ada_Lovelace_vae.zip") == [
        "lab.ipynb",
        "submission.json",
        "theory.ipynb",
    ]


def test_a_notebook_of_another_part_may_be_damaged_or_gone(parted: Kit) -> None:
    parted.save()
    (parted.folder / "theory.ipynb").unlink()
    done = parted.run(
        "--part", "code", "--name", "A B", "--id", "a", "--collaborators", "None", "--honest"
    )
    assert done.returncode == 0, done.stderr
    (parted.folder / "lab.ipynb").write_bytes(notebook_bytes()[:20])
    assert "lab.ipynb" in parted.refused("--part", "code", "--force")


def test_only_artifacts_of_the_part_are_missed(parted: Kit) -> None:
    parted.spec["measured"] = MEASURED
    said, _ = parted.collect("--part", "code")
    assert "'Samples' is graded from it" in said
    assert "'Other'" not in said
    said, _ = parted.collect("--part", "written")
    assert "is graded from it" not in said


@pytest.mark.parametrize(
    ("part", "why"),
    [("lab", "vae has the parts code, written, not 'lab'"), ("", "not ''")],
)
def test_an_unknown_part_is_wrong_usage(parted: Kit, part: str, why: str) -> None:
    parted.save()
    assert why in parted.refused("--part", part, status=2)


def test_an_assignment_without_parts_has_none_to_hand_in(kit: Kit) -> None:
    kit.save()
    assert "vae has no parts, not 'code'" in kit.refused("--part", "code", status=2)


def test_the_trial_tries_the_notebooks_of_the_part(parted: Kit) -> None:
    said, _ = parted.collect("--part", "written", "--trial")
    assert "running" not in said


def test_a_part_from_a_notebook_cell(
    parted: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parted.save()
    monkeypatch.chdir(parted.folder)
    who = {"name": "Ada Lovelace", "id": "s1815", "collaborators": "None"}
    made = collect(**who, honest=True, part="written")
    assert made.name == "Ada_Lovelace_vae_written.zip"
    assert names(made) == ["submission.json", "theory.ipynb"]
    with pytest.raises(HandInError, match="part=: vae has the parts code, written"):
        collect(**who, honest=True, part="x")
    collect(**who, honest=True)
    assert "for one of them alone add part= (code, written)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "part",
    [
        {"title": "Code", "notebooks": ["absent"], "measured": []},
        {"title": 3, "notebooks": ["lab"], "measured": []},
        {"title": "Code", "notebooks": ["lab"]},
    ],
)
def test_a_kit_with_damaged_parts_says_so(kit: Kit, part: dict[str, object]) -> None:
    kit.spec["parts"] = {"code": part}
    kit.save()
    assert "assignment.json is damaged" in kit.refused()
    assert os.listdir(kit.outbox) == []
