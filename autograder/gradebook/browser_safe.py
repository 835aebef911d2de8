"""Take out of a student's notebook what would run in the browser of the person who grades it.

nbgrader's formgrader renders notebooks without cleaning them, on the origin of the grader's own Jupyter server: a script in an output or a
text cell could read every notebook there, change grades and open a terminal. So the copy that formgrader gets is cleaned first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.align.harmless import clean_markdown, images, shown_outputs
from autograder.intake.text import utf8


def clean_notebook(notebook: Mapping[str, Any], course: NotebookNode) -> NotebookNode:
    """A copy of `notebook` that is safe to render, with the course's metadata on each of the course's cells.

    notebook: what the student handed in, aligned and run. course: nbgrader's instructor notebook of the same name (after
    ComputeChecksums, so that formgrader and feedback see the checksums that are in the gradebook).
    Raises KeyError, TypeError or AttributeError when `notebook` has not the form of a notebook.
    """
    known = {cell.metadata.nbgrader.grade_id: cell for cell in course.cells if "nbgrader" in cell.metadata}
    trusted = {cell.source for cell in course.cells}
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        mark = cell.get("metadata", {}).get("nbgrader", {})
        # Popped: of two cells with one id the first is graded, the second is shown as an ordinary cell.
        original = known.pop(mark.get("grade_id"), None) if isinstance(mark.get("grade_id"), str) else None
        cells.append(_clean_cell(cell, f"cell-{number}", original, trusted))
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": course.metadata, "cells": cells})


def _clean_cell(cell: Mapping[str, Any], cell_id: str, original: NotebookNode | None, trusted: set[str]) -> dict[str, Any]:
    source = _text(cell["source"])
    kind = cell["cell_type"] if cell["cell_type"] in ("code", "markdown") else "raw"
    clean: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if original is not None:
        clean["id"] = original.get("id", cell_id)
        clean["metadata"] = {"nbgrader": dict(original.metadata.nbgrader), "tags": list(original.metadata.get("tags", []))}
    if kind == "code":
        count = cell.get("execution_count")
        clean["execution_count"] = count if type(count) is int else None
        clean["outputs"] = shown_outputs(list(cell.get("outputs", [])), clean["execution_count"])
    elif kind == "markdown":
        attachments = {name: kept for name, data in cell.get("attachments", {}).items() if (kept := images(data))}
        clean["source"] = source if source in trusted else _renderable(clean_markdown(source), attachments)
        if attachments:
            clean["attachments"] = attachments
    return clean


def _renderable(markdown: str, attachments: dict[str, dict[str, str]]) -> str:
    """`markdown`, or where nbconvert cannot render it the same as a block of code.

    One picture whose attachment is missing is enough for that, and the whole submission would be an error page in formgrader.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    try:
        MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(markdown)
    except Exception:  # whatever it is that a stranger's text does to a parser
        return "\n".join(f"    {line}" for line in markdown.splitlines())
    return markdown


def _text(value: Any) -> str:
    """nbformat allows a list of lines wherever it allows a string. Lone surrogates are replaced: they cannot be written as UTF-8."""
    return utf8(value if isinstance(value, str) else "".join(value))
