"""What the program says about the answers in a kit: found, filled in, not too long, run."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from student_kit import ANSWERS, Kit, cell


@pytest.mark.parametrize("with_metadata", [True, False])
@pytest.mark.parametrize(
    "change", [str, lambda text: text.replace("\n", "\r\n"), lambda text: text + "\n\n"]
)
def test_answers_left_blank_are_named(kit: Kit, with_metadata: bool, change: Any) -> None:
    for name in ("kl_divergence", "vae_training"):
        answer = kit.cell(name)
        answer["source"] = change(kit.blank_source(name))
        if not with_metadata:
            answer["metadata"] = {}
    warnings = kit.warnings()
    assert "lab.ipynb: kl_divergence, vae_training: left blank." in warnings
    assert len(warnings) == (1 if with_metadata else 2)
    assert kit.examined().lines[0].startswith("lab.ipynb: 1 of 3 answers filled in")


@pytest.mark.parametrize(
    ("name", "source"),
    [("kl_divergence", "# question: kl_divergence\n\n  # later"), ("vae_training", " ")],
)
def test_an_emptied_answer_is_blank(kit: Kit, name: str, source: str) -> None:
    kit.cell(name)["source"] = source
    assert kit.warnings() == [f"lab.ipynb: {name}: left blank."]


def test_an_answer_that_is_only_a_picture_is_not_blank(kit: Kit) -> None:
    kit.cell("vae_training")["source"] = (
        "<!-- question: vae_training -->\n![](attachment:drawing.png)"
    )
    assert kit.warnings() == []


def test_a_placeholder_within_an_answer_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["source"] += "\n\ndef more():\n    raise NotImplementedError()"
    assert kit.warnings() == ["lab.ipynb: build_vae: still contains `raise NotImplementedError`."]


def test_lost_metadata_with_a_marker_will_still_be_found(kit: Kit) -> None:
    for name in ("kl_divergence", "vae_training"):
        kit.cell(name)["metadata"] = {}
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: kl_divergence, vae_training: nbgrader's metadata is gone")
    assert "the answer will be found" in warning


def test_lost_marker_and_metadata_fall_back_on_the_cell_id(kit: Kit) -> None:
    answer = kit.cell("kl_meaning")
    answer.update(metadata={}, source="It measures nats.", id="kl_meaning")
    (warning,) = kit.warnings()
    assert warning.startswith(
        "theory.ipynb: kl_meaning: nbgrader's metadata and the marker comment are gone. "
        "The cell's id is"
    )


def test_lost_marker_and_metadata_fall_back_on_the_name(kit: Kit) -> None:
    answer = kit.cell("kl_divergence")
    answer["metadata"], answer["source"] = {}, answer["source"].split("\n", 1)[1]
    (warning,) = kit.warnings()
    assert warning.startswith(
        "lab.ipynb: kl_divergence: nbgrader's metadata and the marker comment are gone. "
        "The answer will"
    )


def test_a_deleted_answer_is_lost(kit: Kit) -> None:
    kit.cells_of("kl_divergence").remove(kit.cell("kl_divergence"))
    kit.cells_of("kl_meaning").remove(kit.cell("kl_meaning"))
    warnings = kit.warnings()
    assert [warning.split(". ")[0] for warning in warnings] == [
        "lab.ipynb: kl_divergence: not found, the cell and its marker are gone",
        "theory.ipynb: kl_meaning: not found, the cell and its marker are gone",
    ]


def test_a_marker_in_another_answer_does_not_stand_for_a_lost_one(kit: Kit) -> None:
    kit.cells_of("kl_divergence").remove(kit.cell("kl_divergence"))
    kit.cell("build_vae")["source"] = ANSWERS["kl_divergence"]
    assert kit.warnings()[0].startswith("lab.ipynb: kl_divergence: not found")


def test_missing_and_doubled_cells_of_the_course_are_told_apart_from_answers(kit: Kit) -> None:
    cells = kit.notebooks["lab"]
    cells.remove(kit.cell("test_kl_divergence"))
    cells.append(cell("code", "import torch", "lab_1", 9))
    warnings = kit.warnings()
    assert len(warnings) == 2
    assert warnings[0].startswith("lab.ipynb: test_kl_divergence: missing or without metadata")
    assert warnings[1].startswith("lab.ipynb: lab_1: there is more than one copy")


@pytest.mark.parametrize("with_metadata", [True, False])
def test_a_doubled_answer_is_named_and_the_last_that_is_not_blank_counts(
    kit: Kit, with_metadata: bool
) -> None:
    copy = cell("code", kit.blank_source("build_vae"), "build_vae" if with_metadata else None, 7)
    kit.notebooks["lab"].append(copy)
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: build_vae: there is more than one copy")
    kit.cell("build_vae")["source"] = kit.blank_source("build_vae")
    told = [text.split(": ", 2)[2] for text in kit.warnings()]
    assert told[-2].startswith("there is more than one copy") and told[-1] == "left blank."
    assert len(told) == (2 if with_metadata else 3), "the copy that counts has lost its metadata"


def test_an_answer_of_the_wrong_cell_type_is_named(kit: Kit) -> None:
    kit.cell("kl_divergence")["cell_type"] = "markdown"
    kit.cell("kl_meaning")["cell_type"] = "code"
    warnings = kit.warnings()
    assert (
        "lab.ipynb: kl_divergence: is no longer a code cell. Set the type of the cell to Code."
        in warnings
    )
    assert any("kl_meaning: is no longer a Markdown cell. Set" in warning for warning in warnings)


def test_an_answer_whose_last_run_failed_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["outputs"] = [
        {"output_type": "error", "ename": "Name\x1bError", "evalue": "", "traceback": []}
    ]
    assert kit.warnings() == [
        "lab.ipynb: build_vae (NameError): ended in an error when it was last run."
    ]


def test_long_lists_of_names_are_cut(kit: Kit) -> None:
    entry = kit.spec["notebooks"]["lab"]["cells"][1]
    kit.spec["notebooks"]["lab"]["cells"] += [
        {**entry, "id": f"more_{number}"} for number in range(11)
    ]
    (warning,) = kit.warnings()
    assert "more_7 and 3 more: not found" in warning


def test_words_over_the_limit_are_counted(kit: Kit) -> None:
    answer = kit.cell("vae_training")
    answer["source"] = (
        "<!-- question: vae_training -->\n\n$x_0 = 1 + 2$ two three four five six seven eight"
    )
    assert kit.warnings() == []
    answer["source"] += " nine"
    assert kit.warnings() == [
        "lab.ipynb: vae_training (Title of vae_training) has 9 words, the limit is 8."
    ]


def test_sentences_over_the_limit_are_counted(kit: Kit) -> None:
    answer = kit.cell("kl_meaning")
    answer["source"] = "<!-- question: kl_meaning -->\nOne, e.g. this. Two of 3.5 nats!"
    assert kit.warnings() == []
    answer["source"] += " Three?"
    assert kit.warnings() == [
        "theory.ipynb: kl_meaning (Title of kl_meaning) has 3 sentences, the limit is 2."
    ]


def test_a_notebook_that_was_never_run_is_named_unless_it_has_nothing_to_run(kit: Kit) -> None:
    kit.notebooks["theory"].append(cell("code", "1 + 1"))
    for each in kit.notebooks["lab"]:
        each.pop("execution_count", None)
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: no code cell was ever run")


def test_a_notebook_run_out_of_order_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["execution_count"] = 2
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: not run in order (cell 4 ran before cell 3)")


def test_cells_that_were_not_run_are_counted_but_empty_ones_are_not(kit: Kit) -> None:
    kit.notebooks["lab"].append(cell("code", " "))
    assert kit.warnings() == []
    kit.cell("train_vae")["execution_count"] = None
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: 1 of 5 code cells were not run.")


def test_a_newer_checkpoint_with_other_work_is_named(kit: Kit) -> None:
    checkpoint = kit.file(".ipynb_checkpoints/lab-checkpoint.ipynb", b"{}")
    os.utime(checkpoint, (time.time() - 100, time.time() - 100))
    assert kit.warnings() == []
    os.utime(checkpoint, (time.time() + 100, time.time() + 100))
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb is older than Jupyter's checkpoint of it")
    checkpoint.write_bytes((kit.folder / "lab.ipynb").read_bytes())
    os.utime(checkpoint, (time.time() + 100, time.time() + 100))
    assert kit.warnings() == []


def test_training_after_the_last_save_is_named(kit: Kit) -> None:
    weights = kit.file("artifacts/vae.safetensors", b"x")
    os.utime(weights, (time.time() + 100, time.time() + 100))
    assert kit.warnings() == [
        "lab.ipynb: not saved since artifacts/vae.safetensors was written. Save the notebook."
    ]
    kit.cell("train_vae")["metadata"].pop("tags")
    assert kit.warnings() == []


def test_a_notebook_larger_than_the_grader_opens_is_named(kit: Kit) -> None:
    kit.cell("train_vae")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "x" * (20 * 2**20)}
    ]
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb has 20.0 MB, and the grader opens at most 20.0 MB")


def choose(kit: Kit, needed: int = 1) -> None:
    kit.spec["choose"] = [
        {"title": "One", "questions": ["kl_divergence", "build_vae"], "count": needed}
    ]


def test_a_blank_answer_that_the_choice_does_not_need_is_not_named(kit: Kit) -> None:
    choose(kit)
    assert kit.examined().lines[0].startswith("lab.ipynb: 2 of 2 answers filled in")
    kit.cell("build_vae")["source"] = kit.blank_source("build_vae")
    assert kit.warnings() == []
    assert kit.examined().lines[0].startswith("lab.ipynb: 2 of 2 answers filled in")


def test_too_few_answers_of_a_choice_are_one_warning(kit: Kit) -> None:
    choose(kit)
    for name in ("kl_divergence", "build_vae", "vae_training"):
        kit.cell(name)["source"] = kit.blank_source(name)
    assert kit.warnings() == [
        "lab.ipynb: vae_training: left blank.",
        "lab.ipynb: One: 0 of the 1 answers that count are filled in. Left blank: kl_divergence, "
        "build_vae.",
    ]
    assert kit.examined().lines[0].startswith("lab.ipynb: 0 of 2 answers filled in")


def test_a_cell_of_a_choice_that_is_gone_is_still_named(kit: Kit) -> None:
    choose(kit)
    kit.cells_of("build_vae").remove(kit.cell("build_vae"))
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: build_vae: not found")
