"""A student's notebook, read for checking; the archive takes its bytes as they are."""

from __future__ import annotations

import json
from typing import Any

from dgm.handin.cell_repair import repaired
from dgm.handin.cell_rules import joined
from dgm.handin.errors import HandInError
from dgm.handin.text_encoding import as_text, in_conflict

Cell = dict  # of the JSON: any keys, any values

RESTORE = (
    "restore it from a checkpoint or a backup (in JupyterLab: File, Revert Notebook to Checkpoint)"
)


def read_notebook(data: bytes, file: str) -> list[Cell]:
    """The cells of a notebook, each with `source` as one string.

    Raises HandInError if the bytes are not a notebook of nbformat 4 with something in it.
    """
    if not data.strip():
        raise HandInError(
            f"{file} is empty ({len(data)} bytes): open it in Jupyter and save it; "
            f"if your work is gone, {RESTORE}."
        )
    notebook = _parsed(data, file)
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version is None:
        raise HandInError(f"{file} is not a Jupyter notebook (it has no nbformat): {RESTORE}.")
    if isinstance(version, bool) or version != 4:
        raise HandInError(
            f"{file} has notebook format {version!r} instead of 4: "
            "open it in JupyterLab and save it."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise HandInError(f"{file} is damaged (its list of cells cannot be read): {RESTORE}.")
    for cell in cells:
        source = joined(cell.get("source")) or ""
        cell["source"] = repaired(source) if cell.get("cell_type") == "code" else source
    if not any(cell["source"].strip() for cell in cells):
        raise HandInError(f"{file} has no cells with anything in them: {RESTORE}.")
    return cells


def _parsed(data: bytes, file: str) -> Any:
    try:
        return json.loads(as_text(data))
    except (ValueError, RecursionError) as error:
        if in_conflict(data):
            raise HandInError(
                f"{file} contains the marks of a git merge conflict (<<<<<<<): "
                "resolve it, then open and save it in Jupyter."
            ) from error
        raise HandInError(f"{file} is damaged (it is not JSON: {error}): {RESTORE}.") from error


def is_train(cell: Cell) -> bool:
    """Whether the cell is tagged as one that trains a model."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and "train" in tags
