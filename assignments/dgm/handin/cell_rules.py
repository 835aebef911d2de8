"""Which cell is which: the text of a cell, its marker comment, and the order of its claims.

The grader and the program that packs a submission both use these rules, so that they agree on
every cell. A cell may hold anything, so nothing here trusts its types or its length.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Container, Sequence

MARKER = re.compile(
    r"^[ \t]*(?:#|<!--)[ \t]*question:[ \t]*([a-z][a-z0-9_]*)[ \t]*(?:-->)?[ \t\r]*$", re.MULTILINE
)
"""`# question: kl` in a code cell, `<!-- question: kl -->` in a text cell."""

MARKER_CHARS = 500
"""Only the beginning of a cell is searched: an answer may quote the marker of another."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")


def joined(value: Any) -> str | None:
    """Join nbformat's multi-line text (a string or a list of strings) into one encodable string.

    Line ends become `\\n`. Returns None for a value that is neither.
    """
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = ("\n" if lacks_line_ends(value) else "").join(value)
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")


def lacks_line_ends(value: Any) -> bool:
    """Whether it is a list of lines of which some program took away the line ends."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(line, str) and not line.endswith("\n") for line in value)
    )


def identifier(value: Any) -> str | None:
    """The value, if it can be the id of a cell."""
    return value if isinstance(value, str) and _IDENTIFIER.match(value) else None


def grade_id(cell: dict[Any, Any]) -> str | None:
    """The grade_id in nbgrader's metadata of a cell, as the JSON of a notebook has it."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return identifier(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else None


def cell_id(cell: dict[Any, Any]) -> str | None:
    """The id of a cell, as the JSON of a notebook has it (nbformat 4.5 and later)."""
    return identifier(cell.get("id"))


def marker(source: str) -> str | None:
    """The question that the marker comment at the top of a cell names."""
    match = MARKER.search(source[:MARKER_CHARS])
    return match.group(1) if match else None


def without_marker(source: str) -> str:
    """The text of a cell without its marker comment."""
    return MARKER.sub("", source, count=1).strip() if marker(source) else source


def claim(
    grade_id: str | None, marker: str | None, cell_id: str | None, known: Container[str]
) -> tuple[str, str] | None:
    """How a cell says which of the course's cells it is, and which one: the first claim counts.

    known: the names of the course's cells in this notebook; a claim to be another one is ignored.
    Returns ("grade_id", "marker" or "cell_id", the name), or None for a cell without a claim.
    """
    for how, name in (("grade_id", grade_id), ("marker", marker), ("cell_id", cell_id)):
        if name is not None and name in known:
            return how, name
    return None


def chosen(
    candidates: Sequence[int],
    filled: Sequence[int],
    defines: Callable[[int], bool],
    count: Callable[[int], int | None] = lambda index: None,
) -> int:
    """Which of several cells with the same claim counts, by their index in the notebook.

    It is the last one that is filled in; if several are, one that also defines the name asked for:
    of these the one that ran last if all of them were run, else the last in the notebook. If none
    is filled in, it is the last. candidates, filled: indices, `candidates` not empty. count: the
    execution count of a cell.
    """
    defining = [index for index in filled if defines(index)] if len(filled) > 1 else []
    counts = [count(index) for index in defining]
    if len(defining) > 1 and all(isinstance(one, int) for one in counts):
        return max(defining, key=lambda index: (count(index), index))
    return max(defining or filled or candidates)
