"""A notebook from a stranger, read cell by cell: what is malformed costs only itself, and nothing
in it is executed or rendered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from dgm.handin import cell_repair, cell_rules
from dgm.handin.cell_rules import joined
from dgm.handin.text_encoding import as_text, in_conflict

from autograder.errors import RejectedSubmission
from autograder.intake.untrusted_text import in_words

MAX_CONTAINERS = 1_000_000
"""Lists and objects of the JSON: each takes up to 200 bytes of memory for two of the file."""
MAX_CODE_CHARS = 256 * 1024
MAX_ALL_CODE_CHARS = 512 * 1024
"""Of all code cells together: bounds the time that parsing them takes."""
MAX_TEXT_CHARS = 4 * 1024 * 1024

_CELL_TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown"}


@dataclass(frozen=True)
class UntrustedCell:
    """One cell: `source` is encodable text of bounded length; outputs and attachments are raw, see
    harmless.py.
    """

    cell_type: str
    source: str
    grade_id: str | None = None
    cell_id: str | None = None
    execution_count: int | None = None
    outputs: list[Any] = field(default_factory=list, repr=False)
    attachments: dict[Any, Any] = field(default_factory=dict, repr=False)
    repaired: bool = False
    """Line ends or blanks were put right."""

    @property
    def marker(self) -> str | None:
        """The question that the cell's marker comment names."""
        return cell_rules.marker(self.source)


def read_cells(data: bytes) -> tuple[list[UntrustedCell], list[str]]:
    """The cells of a notebook, and notes about those that had to be left out.

    Any nbformat that has cells is read, with whatever metadata. Raises RejectedSubmission (the end
    of a sentence: "lab.ipynb ...") when there is no way to see cells in it.
    """
    if not data.strip():
        raise RejectedSubmission("is empty")
    if data.count(b"[") + data.count(b"{") > MAX_CONTAINERS:
        raise RejectedSubmission(
            "is too complicated to be read. Clear its outputs and save it again"
        )
    try:
        # Some tools write NaN, which JSON has not, and Python refuses numbers of thousands of
        # digits: where they stand they mean nothing.
        parsed = json.loads(
            as_text(data),
            parse_constant=lambda _: None,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else None,
        )
    except RecursionError:
        raise RejectedSubmission("is nested too deeply to be a notebook") from None
    except ValueError as error:  # JSON or Unicode decoding
        if in_conflict(data):
            raise RejectedSubmission(
                "contains the marks of a git merge conflict (<<<<<<<). Resolve it, then open and "
                "save it in Jupyter",
                detail=repr(error),
            ) from error
        raise RejectedSubmission(
            "is not a notebook, or is damaged (it is not JSON). Save it again in Jupyter",
            detail=repr(error),
        ) from error
    raw_cells = _raw_cells(parsed)
    cells: list[UntrustedCell] = []
    notes: list[str] = []
    n_code_chars = n_repaired = 0
    for number, raw in enumerate(raw_cells, start=1):
        problem = _problem_of(raw)
        cell = _cell(raw) if problem is None else None
        if cell and cell.cell_type == "code":
            n_code_chars += len(cell.source)
            if n_code_chars > MAX_ALL_CODE_CHARS:
                cell, problem = (
                    None,
                    f"the notebook has more than {in_words(MAX_ALL_CODE_CHARS)} of code",
                )
        if cell:
            cells.append(cell)
            n_repaired += cell.repaired
        elif len(notes) < 10:
            notes.append(f"Cell {number} was left out: {problem}.")
    if n_repaired:
        notes.append(f"{n_repaired} cells had lost their line ends or had odd blanks; repaired.")
    version = parsed.get("nbformat")
    if version != 4:
        shown = version if isinstance(version, int) and abs(version) < 1000 else "unknown"
        notes.append(
            f"The notebook's format is {shown} instead of 4; its cells were read all the same."
        )
    return cells, notes


def _raw_cells(parsed: Any) -> list[Any]:
    if not isinstance(parsed, dict):
        raise RejectedSubmission("is JSON, but not a notebook")
    if isinstance(parsed.get("cells"), list):
        return list(parsed["cells"])
    worksheets = parsed.get("worksheets")  # nbformat 3 and older
    if not isinstance(worksheets, list):
        raise RejectedSubmission("has no cells. It is not a notebook, or is damaged")
    return [
        cell
        for sheet in worksheets
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
        for cell in sheet["cells"]
    ]


def _problem_of(raw: Any) -> str | None:
    if not isinstance(raw, dict):
        return "it is not a cell"
    kind = raw.get("cell_type")
    if not isinstance(kind, str) or kind not in _CELL_TYPES:
        return "it is neither code nor text"
    source = joined(raw.get("source", raw.get("input")))
    if source is None:
        return "its source is not text"
    limit = MAX_CODE_CHARS if kind == "code" else MAX_TEXT_CHARS
    return f"it is longer than the limit of {in_words(limit)}" if len(source) > limit else None


def _cell(raw: dict[Any, Any]) -> UntrustedCell:
    outputs, attachments, count = (
        raw.get("outputs"),
        raw.get("attachments"),
        raw.get("execution_count"),
    )
    kind, given = _CELL_TYPES[raw["cell_type"]], raw.get("source", raw.get("input"))
    text = joined(given) or ""
    source = cell_repair.repaired(text) if kind == "code" else text
    return UntrustedCell(
        cell_type=kind,
        source=source,
        repaired=source != text or cell_rules.lacks_line_ends(given),
        grade_id=cell_rules.grade_id(raw),
        cell_id=cell_rules.cell_id(raw),
        execution_count=count if type(count) is int and 0 <= count < 10**6 else None,
        outputs=outputs if isinstance(outputs, list) else [],
        attachments=attachments if isinstance(attachments, dict) else {},
    )
