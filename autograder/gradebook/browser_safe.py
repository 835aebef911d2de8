"""Take out of a student's notebook what would run in the browser of the person who grades it.

nbgrader's formgrader renders notebooks without cleaning them, on the origin of the grader's own Jupyter server: a script in an output or a
text cell could read every notebook there, change grades and open a terminal. So the copy that formgrader gets is cleaned first.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.intake.text import utf8

IMAGES = {"image/png", "image/jpeg"}
TAGS = frozenset(
    ["a", "b", "br", "caption", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "span", "strong", "sub"]
    + ["sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"]
)
# No class: formgrader's own buttons and boxes are found by theirs.
ATTRIBUTES = {"a": ["href"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"]}

# In HTML a tag starts with `<` and one of these; after a space `<` is only a sign, and `0 < t` still typesets as mathematics.
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
# Markdown drops a backslash before punctuation, so `javascript\:` would come back as a scheme.
_SCRIPT_SCHEME = re.compile(r"(javascript|vbscript|data)(?=[\\\s]*:)", re.IGNORECASE)


def clean_markdown(source: str) -> str:
    """The same text, in which no HTML tag, character entity or `javascript:` link is left for a renderer to act on."""
    return _SCRIPT_SCHEME.sub(r"\1 ", _ENTITY.sub("& ", _TAG_START.sub("< ", source)))


def clean_html(html: str) -> str:
    """Text and tables of an HTML output; everything that could run or load something is shown as text instead."""
    import bleach

    return str(bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=["http", "https", "mailto"]))


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
        clean["outputs"] = [_clean_output(output) for output in cell.get("outputs", [])]
    elif kind == "markdown":
        attachments = {name: images for name, data in cell.get("attachments", {}).items() if (images := _images(data))}
        clean["source"] = source if source in trusted else _renderable(clean_markdown(source), attachments)
        if attachments:
            clean["attachments"] = attachments
    return clean


def _clean_output(output: Mapping[str, Any]) -> dict[str, Any]:
    """The output with the MIME types that cannot run. Metadata goes: a size or alternative text is not worth its risk."""
    kind = output["output_type"]
    if kind == "stream":
        return {"output_type": "stream", "name": "stderr" if output.get("name") == "stderr" else "stdout", "text": _text(output["text"])}
    if kind == "error":
        lines = [_text(line) for line in output.get("traceback", [])]
        return {"output_type": "error", "ename": _text(output["ename"]), "evalue": _text(output["evalue"]), "traceback": lines}
    data = output["data"]
    kept: dict[str, Any] = _images(data)
    kept |= {mime: _text(data[mime]) for mime in ("text/plain", "text/latex") if mime in data}
    if "text/html" in data:
        kept["text/html"] = clean_html(_text(data["text/html"]))
    if "text/markdown" in data:
        kept["text/markdown"] = _renderable(clean_markdown(_text(data["text/markdown"])), {})
    if not kept:
        kept["text/plain"] = "[an output of a kind that is not shown to graders]"
    return {"output_type": "display_data", "metadata": {}, "data": kept}


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


def _images(data: Mapping[str, Any]) -> dict[str, str]:
    """The PNG and JPEG images of an output or attachment, each proved to be base64 and nothing else."""
    images = {}
    for mime in sorted(IMAGES & set(data)):
        encoded = "".join(_text(data[mime]).split())
        try:
            base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        images[mime] = encoded
    return images


def _text(value: Any) -> str:
    """nbformat allows a list of lines wherever it allows a string. Lone surrogates are replaced: they cannot be written as UTF-8."""
    return utf8(value if isinstance(value, str) else "".join(value))
