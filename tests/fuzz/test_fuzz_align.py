"""Proves that whatever JSON or bytes stand in for a notebook, alignment gives the course's cells,
each once and in order, with its points.

Notebooks are the real release with cells and nodes changed at will; each must end in time and
within a stated memory, and nothing of it but text, cut outputs and proved images may reach the
notebook that nbgrader and people see.
"""

from __future__ import annotations

import json
from typing import Any

import nbformat
from dgm.handin.blankness import defined_names, is_blank_code, is_blank_text
from hypothesis import example, given
from hypothesis import strategies as st
from nbformat import NotebookNode
from strategies import MIB, ODD_TEXT, ODD_VALUES, ROOT, damaged, dumped, fuzz, guarded, notebooks

from autograder.align.align import MAX_OWN_CELLS, align
from autograder.align.display import (
    MAX_ALL_OUTPUTS,
    MAX_IMAGE_CHARS,
    MAX_OUTPUT_CHARS,
    MAX_OUTPUTS,
    clean_markdown,
    shown_outputs,
)
from autograder.align.notebook_json import to_text
from autograder.course.assignment import load

VAE = load("vae", ROOT)
RELEASED = {
    name: (ROOT / "release" / "vae" / f"{name}.ipynb").read_bytes() for name in VAE.notebooks
}
NODES = {name: nbformat.reads(data.decode(), as_version=4) for name, data in RELEASED.items()}
TREES = {name: json.loads(data) for name, data in RELEASED.items()}
CELL_KEYS = {"cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"}
MIME_TYPES = {"text/plain", "image/png", "image/jpeg"}


def points(notebook: NotebookNode) -> list[tuple[str, float]]:
    marks = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return [(mark["grade_id"], mark.get("points", 0)) for mark in marks if "grade_id" in mark]


def keeps_its_promises(data: bytes, name: str) -> None:
    """The whole of what alignment promises for one notebook."""
    release = NODES[name]
    # JSON takes 60 times its size at worst (lists of empty lists); the parser of one cell 100 times
    # 32 KiB; the release is copied.
    with guarded(60 * len(data) + 40 * MIB):
        result = align(data, release, VAE, name)
        made = nbformat.from_dict(result.to_notebook())
        text = nbformat.writes(made)
    text.encode()
    nbformat.validate(made)
    assert json.loads(to_text(result.to_notebook())) == made
    known = [cell for cell in result.cells if cell.kind != "own"]
    assert [cell.release for cell in known] == list(release.cells), (
        "the course's cells, each once and in order"
    )
    assert all(
        cell.source == cell.release.source
        for cell in known
        if cell.kind in ("course", "check", "train")
    )
    own = [cell for cell in result.cells if cell.kind == "own"]
    assert len(own) <= MAX_OWN_CELLS and len({cell.name for cell in result.cells}) == len(
        result.cells
    )
    filled = [id(cell.student) for cell in result.cells if cell.student is not None]
    assert len(filled) == len(set(filled)), "no cell of a student's counts twice"
    assert len(result.notes) < 300 and all(
        note.isprintable() and len(note) < 700 for note in result.notes
    )
    assert result.problem is None or (result.problem.isprintable() and len(result.problem) < 300)
    assert points(made) == points(release), "never more points"
    assert made.metadata == release.metadata
    assert sum(len(cell.get("outputs", [])) for cell in made.cells) <= MAX_ALL_OUTPUTS + len(
        made.cells
    )
    for cell, shown in zip(result.cells, made.cells, strict=True):
        only_harmless(shown, {} if cell.release is None else cell.release.metadata)
        if cell.kind == "own" and cell.cell_type == "markdown":
            assert clean_markdown(shown.source) == shown.source, "cleaned for good"


def only_harmless(shown: NotebookNode, metadata: Any) -> None:
    assert set(shown) <= CELL_KEYS and shown.metadata == metadata
    for output in shown.get("outputs", []):
        assert output.output_type in ("stream", "error", "display_data", "execute_result")
        bundle = output.get("data", {})
        assert set(bundle) <= MIME_TYPES and not output.get("metadata")
        assert all(
            isinstance(value, str) and len(value) <= MAX_IMAGE_CHARS for value in bundle.values()
        )
        texts = [output.get(key, "") for key in ("text", "name", "ename", "evalue")] + [
            *output.get("traceback", [])
        ]
        assert all(isinstance(value, str) and len(value) <= MAX_OUTPUT_CHARS for value in texts)
    outputs = shown.get("outputs", [])
    assert len(outputs) <= MAX_OUTPUTS
    assert shown_outputs(outputs, shown.get("execution_count")) == outputs, (
        "what is harmless is left as it is"
    )
    for bundle in shown.get("attachments", {}).values():
        assert set(bundle) <= MIME_TYPES


def test_the_release_itself_is_aligned_and_blank() -> None:
    for name, data in RELEASED.items():
        keeps_its_promises(data, name)
        assert all(
            cell.blank
            for cell in align(data, NODES[name], VAE, name).cells
            if cell.kind in ("answer", "analysis")
        )


@fuzz(25)
@given(notebooks(TREES["lab"]))
def test_the_lab_changed(data: bytes) -> None:
    keeps_its_promises(data, "lab")


@fuzz(25)
@given(notebooks(TREES["theory"]))
def test_the_theory_changed(data: bytes) -> None:
    keeps_its_promises(data, "theory")


@fuzz(25)
@given(damaged(RELEASED["theory"]) | ODD_VALUES.map(dumped) | st.binary(max_size=200))
def test_damaged_files(data: bytes) -> None:
    keeps_its_promises(data, "theory")


SOURCES = st.lists(
    st.sampled_from(
        [
            *{
                line + "\n"
                for cell in TREES["lab"]["cells"]
                for line in "".join(cell["source"]).splitlines()
            }
        ]
    )
    | st.sampled_from(
        [
            "(",
            '"""',
            "\\\n",
            "    ",
            "\t",
            "%%bash\n",
            "class A:\n",
            "lambda: " * 400,
            "[" * 300,
            "-" * 9000,
            "\0",
            "\x0c\n",
            "a=" * 3000,
        ]
    )
    | ODD_TEXT,
    max_size=12,
).map("".join)


@fuzz(100)
@given(SOURCES, st.sampled_from([cell for cell in NODES["lab"].cells if cell.cell_type == "code"]))
@example("try:\n  pass\nexcept* " + "(" * 150, NODES["lab"].cells[-1])
@example(
    "class A:\n    'text',\n",
    next(cell for cell in NODES["lab"].cells if cell.id == "reconstruction_loss"),
)
def test_any_source_is_read_without_running_it(source: str, released: NotebookNode) -> None:
    with guarded(400 * (len(source) + len(released.source)) + 8 * MIB):
        definitions, variables = defined_names(source)
        blank = is_blank_code(source, released.source)
        is_blank_text(source, released.source)
    assert all(name.isidentifier() for name in definitions | variables)
    assert not blank or not (definitions | variables) - set.union(
        *defined_names(released.source)
    ), "what defines something new is not blank"
