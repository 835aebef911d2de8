"""The files of a kit: what stops a submission, what stays out of it, and what goes in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from dgm.handin.kit import SCHEMA
from student_kit import Kit, cell, notebook_bytes


def named(kit: Kit) -> list[str]:
    """What goes into the archive, in order."""
    contents = kit.examined()
    return [*contents.notebooks, *contents.artifacts]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda spec: spec.pop("schema"), "damaged: it has no schema"),
        (lambda spec: spec.update(schema=True), "damaged: it has no schema"),
        (
            lambda spec: spec.update(schema=1),
            "from an older kit than the folder dgm (schema 1 instead",
        ),
        (lambda spec: spec.update(schema=SCHEMA + 1), "from a newer kit than the folder dgm"),
        (lambda spec: spec["notebooks"]["lab"]["cells"][1].pop("source"), "damaged"),
        (lambda spec: spec["notebooks"]["lab"]["cells"][1].update(words="9"), "damaged"),
        (lambda spec: spec.update(title=""), "damaged"),
        (lambda spec: spec.pop("declaration"), "damaged"),
        (lambda spec: spec.update(notebooks={}), "damaged"),
        (lambda spec: spec.update(notebooks={"../lab": {"cells": []}}), "damaged"),
        (lambda spec: spec.update(slug="../vae"), "damaged"),
        (lambda spec: spec["notebooks"]["lab"]["cells"][0].pop("id"), "damaged"),
        (lambda spec: spec.update(artifacts=["../*.txt"]), "leads out of the kit"),
        (lambda spec: spec.update(artifacts=["/etc/*"]), "leads out of the kit"),
    ],
)
def test_a_damaged_assignment_json_is_named(kit: Kit, change: Any, sentence: str) -> None:
    change(kit.spec)
    kit.save()
    said = kit.problem()
    assert "assignment.json" in said and sentence in said


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe\xff", b"[" * 100_000])
def test_an_unreadable_assignment_json_is_named(kit: Kit, data: bytes) -> None:
    kit.file("assignment.json", data)
    assert "assignment.json is" in kit.problem()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "lab.ipynb is empty (0 bytes)"),
        (b" \n\n", "lab.ipynb is empty (3 bytes)"),
        (b"{", "lab.ipynb is damaged (it is not JSON"),
        (b'{"cells": "\xff"}', "lab.ipynb is damaged (it is not JSON"),
        (b"[" * 100_000, "lab.ipynb is damaged (it is not JSON"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n', "lab.ipynb contains the marks of a git merge conflict"),
        (b"[]", "lab.ipynb is not a Jupyter notebook"),
        (b'{"cells": []}', "lab.ipynb is not a Jupyter notebook"),
        (notebook_bytes(nbformat=3, worksheets=[]), "lab.ipynb has notebook format 3"),
        (notebook_bytes(nbformat=True), "lab.ipynb has notebook format True"),
        (notebook_bytes(cells=[]), "lab.ipynb has no cells with anything in them"),
        (
            notebook_bytes(cells=[cell("code", " \n")]),
            "lab.ipynb has no cells with anything in them",
        ),
        (notebook_bytes(cells={}), "lab.ipynb is damaged (its list of cells"),
        (notebook_bytes(cells=["x"]), "lab.ipynb is damaged (its list of cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_notebook_that_cannot_be_read_stops(kit: Kit, data: bytes, sentence: str) -> None:
    kit.file("lab.ipynb", data)
    assert kit.problem().startswith(sentence)


def test_every_notebook_that_is_wrong_is_named(kit: Kit) -> None:
    (kit.folder / "lab.ipynb").unlink()
    kit.file("theory.ipynb", b"")
    first, second = kit.problem().splitlines()
    assert first.startswith("lab.ipynb is missing")
    assert second.startswith("theory.ipynb is empty")


def test_a_notebook_under_another_name_is_pointed_out(kit: Kit) -> None:
    (kit.folder / "lab.ipynb").rename(kit.folder / "lab (1).ipynb")
    said = kit.problem()
    assert (
        "lab.ipynb is missing" in said
        and "rename it to lab.ipynb" in said
        and "lab (1).ipynb" in said
    )


def test_odd_cells_cost_only_themselves(kit: Kit) -> None:
    kit.notebooks["lab"] += [
        {},
        {"cell_type": "code", "source": 3, "metadata": [], "outputs": 5},
        {
            "cell_type": "code",
            "source": ["a", 1],
            "metadata": {"nbgrader": "x", "tags": 3},
            "execution_count": 7,
            "outputs": [],
        },
        cell("raw", "\ud800", "foreign"),
    ]
    kit.notebooks["lab"][-1]["execution_count"] = 8
    assert kit.warnings() == []


def test_source_may_be_a_list_of_lines(kit: Kit) -> None:
    for cells in kit.notebooks.values():
        for each in cells:
            each["source"] = each["source"].splitlines(keepends=True)
    assert kit.warnings() == []
    kit.cell("build_vae")["source"] = kit.blank_source("build_vae").splitlines(keepends=True)
    assert kit.warnings() == ["lab.ipynb: build_vae: left blank."]


def test_a_file_that_is_graded_and_missing_is_a_warning(kit: Kit) -> None:
    kit.spec["measured"] = {"artifacts/a.safetensors": "Samples"}
    kit.save()
    (warning,) = [one for one in kit.examined().warnings if "graded" in one]
    assert warning == (
        "artifacts/a.safetensors is missing, and 'Samples' is graded from it: run the cell that "
        "saves it."
    )
    kit.file("artifacts/a.safetensors", b"x")
    assert not [one for one in kit.examined().warnings if "graded" in one]


def test_artifacts_are_what_the_patterns_name(kit: Kit) -> None:
    kit.spec["artifacts"] = ["artifacts/*.safetensors", "figures/**/*.png", "*.ipynb", "*.json"]
    for name in (
        "artifacts/b.safetensors",
        "artifacts/a.safetensors",
        "artifacts/x.pt",
        "artifacts/.hidden.safetensors",
    ):
        kit.file(name, b"x")
    kit.file("figures/one/two/plot.png", b"x")
    kit.file(".ipynb_checkpoints/lab.ipynb", b"x")
    (kit.folder / "artifacts" / "folder.safetensors").mkdir()
    assert kit.warnings() == []
    chosen = [
        "artifacts/a.safetensors",
        "artifacts/b.safetensors",
        "figures/one/two/plot.png",
        "assignment.json",
    ]
    assert named(kit) == ["lab.ipynb", "theory.ipynb", *chosen]


def test_a_pattern_without_a_file_is_said_but_no_warning(kit: Kit) -> None:
    contents = kit.examined()
    assert contents.lines[-1] == "(no file matches artifacts/*.safetensors)"
    assert contents.warnings == []


def test_artifacts_larger_than_the_grader_takes_are_named(kit: Kit) -> None:
    with kit.file("artifacts/a.safetensors", b"").open("r+b") as stream:
        stream.truncate(65 * 2**20)
    (warning,) = kit.warnings()
    assert warning.startswith(
        "the artifacts have 65.0 MB together, and the grader takes at most 64.0 MB"
    )


def test_artifact_names_that_an_archive_cannot_carry_stay_out(kit: Kit) -> None:
    for name in (
        "a\\b.safetensors",
        "a\nb.safetensors",
        "\u00e9.safetensors",
        "-x.safetensors",
        "ok.safetensors",
    ):
        kit.file(f"artifacts/{name}", b"x")
    warnings = kit.warnings()
    assert len(warnings) == 4 and all(
        "is left out: its name must be made of" in warning for warning in warnings
    )
    assert named(kit) == ["lab.ipynb", "theory.ipynb", "artifacts/ok.safetensors"]


def test_artifacts_whose_names_differ_in_capitals_alone_are_not_both_taken(kit: Kit) -> None:
    kit.file("artifacts/VAE.safetensors", b"x")
    kit.file("artifacts/vae.safetensors", b"y")
    if (kit.folder / "artifacts" / "VAE.safetensors").read_bytes() != b"x":
        pytest.skip("this disk holds both names as one file")
    (warning,) = kit.warnings()
    assert warning.startswith(
        "artifacts/vae.safetensors is left out: another file has the same name except for capitals"
    )
    assert named(kit) == ["lab.ipynb", "theory.ipynb", "artifacts/VAE.safetensors"]


def test_a_link_to_nothing_stays_out(kit: Kit) -> None:
    (kit.folder / "artifacts").mkdir()
    (kit.folder / "artifacts" / "a.safetensors").symlink_to("gone")
    assert kit.warnings() == [
        "artifacts/a.safetensors is left out: it is a link that leads to no file."
    ]


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_artifacts_behind_a_link_out_of_the_kit_stay_out(
    kit: Kit, tmp_path: Path, linked: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.safetensors").write_bytes(b"secret")
    if linked == "folder":
        (kit.folder / "artifacts").symlink_to(outside)
    else:
        (kit.folder / "artifacts").mkdir()
        (kit.folder / "artifacts" / "secret.safetensors").symlink_to(outside / "secret.safetensors")
    (warning,) = kit.warnings()
    assert warning.startswith("artifacts/secret.safetensors is left out: it leads out of the kit")
    assert named(kit) == ["lab.ipynb", "theory.ipynb"]


def test_a_link_within_the_kit_is_handed_in_as_a_file(kit: Kit) -> None:
    kit.file("weights/real.bin", b"weights")
    (kit.folder / "artifacts").mkdir()
    (kit.folder / "artifacts" / "vae.safetensors").symlink_to("../weights/real.bin")
    assert kit.warnings() == []
    assert kit.examined().artifacts["artifacts/vae.safetensors"].read_bytes() == b"weights"


@pytest.mark.parametrize("name", ["lab.ipynb", "assignment.json"])
def test_notebooks_and_assignment_behind_a_link_out_of_the_kit_stop(
    kit: Kit, tmp_path: Path, name: str
) -> None:
    (kit.folder / name).rename(tmp_path / name)
    (kit.folder / name).symlink_to(tmp_path / name)
    assert f"{name} is a link that leads out of" in kit.problem()


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling"])
def test_a_notebook_that_is_no_file_stops(kit: Kit, kind: str) -> None:
    path = kit.folder / "lab.ipynb"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("gone.ipynb")
    assert "lab.ipynb in" in kit.problem()
