"""What an attack is, and the honest material that attacks are built into."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

SLUG = "vae"
HONEST = ("reconstruction_loss", "kl_divergence", "reparameterize")
"""The questions that every attacker answers well: what they are worth is what the attack deserves.
"""
TARGET = "bernoulli_nll"
"""A question that no attacker has an honest answer to, for attacks that live in an answer cell: it
deserves 0.
"""
MARK = "dgm_hostile"
"""In the name of everything that an attack leaves behind (files, sockets, shared memory), so that
it is found.
"""


@dataclass(frozen=True)
class Attack:
    """A hostile or broken submission, made by code.

    `build` gives the bytes of the zip. `outcome` is what the report must say: `graded` (HONEST
    questions get their full points, every other one 0, unless named in `spoilt`), `rejected`, or
    `ungraded` (nobody can read the notebook, or tell it from another: it waits for manual review).
    `spoilt`: HONEST questions that the attack itself takes down, which may score less.
    """

    name: str
    family: str
    gain: str
    """What the attacker hopes to get, in one sentence."""
    build: Callable[[Material], bytes]
    outcome: Literal["graded", "rejected", "ungraded"] = "graded"
    spoilt: tuple[str, ...] = ()
    file: str = ""
    """Name of the zip; `<name>_vae.zip` when empty."""
    nbgrader: bool = False
    """Makes sense against plain `nbgrader autograde`, too."""

    @property
    def file_name(self) -> str:
        return self.file or f"{self.name}_{SLUG}.zip"


@dataclass
class Material:
    """The released notebooks and the model solution of the course at `root`, to build submissions
    from.

    `root` is never the planted course: its solutions would carry their canaries into every
    submission. `grading` is the course that the submission will be graded in (an attacker may know
    where it lies), `beacons` the addresses of our listeners outside of the sandbox.
    """

    root: Path
    manifest: dict[str, Any] = field(
        default_factory=lambda: {
            "schema": 1,
            "slug": SLUG,
            "name": "Mallory",
            "id": "m01",
            "collaborators": "None",
            "declaration": True,
            "created": "2026-12-01T12:00:00Z",
            "versions": {"python": "3.11.7", "torch": "2.9.0"},
            "warnings": [],
        }
    )
    """As collect_submission.sh writes it; `zip` adds the digests of the files."""
    name: str = "mallory"
    """Of the attack: what it signs its traces with."""
    grading: Path = Path("/course")
    beacons: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str, student_id: str) -> Material:
        """The same material in the hands of another student."""
        return replace(self, name=name, manifest=self.manifest | {"name": name, "id": student_id})

    @property
    def questions(self) -> list[str]:
        """The autograded questions, in order."""
        return list(_solutions(self.root))

    def solution(self, question: str) -> str:
        """The model solution of a code question, without its markers."""
        return _solutions(self.root)[question]

    def notebooks(
        self, answers: Mapping[str, str] | None = None, *, first: str = "", last: str = ""
    ) -> dict[str, NotebookNode]:
        """The released notebooks with HONEST answered, `answers` (question: source) on top, and the
        attacker's own cells first and last.
        """
        notebooks = deepcopy(_release(self.root))
        wanted = {name: self.solution(name) for name in HONEST} | dict(answers or {})
        lab = notebooks["lab"]
        for cell in (cell for notebook in notebooks.values() for cell in notebook.cells):
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution") and meta.get("grade_id") in wanted:
                cell.source = wanted[meta["grade_id"]]
        if first:
            lab.cells.insert(0, new_code_cell(first, id="attack-first"))
        if last:
            lab.cells.append(new_code_cell(last, id="attack-last"))
        return notebooks

    def zip(
        self,
        notebooks: Mapping[str, NotebookNode | str | bytes] | None = None,
        extra: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """A submission's zip. `extra` maps entry names to bytes and may replace what is there."""
        files: dict[str, bytes] = {}
        for name, notebook in (notebooks or self.notebooks()).items():
            text = nbformat.writes(notebook) if isinstance(notebook, NotebookNode) else notebook
            files[f"{name}.ipynb"] = text.encode() if isinstance(text, str) else text
        files |= dict(extra or {})
        digests = {
            name: {"sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
        }
        entries = {
            "submission.json": json.dumps({"files": digests} | self.manifest).encode()
        } | files
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return buffer.getvalue()

    def code(self, source: str, *, where: Literal["first", "last", "answer"] = "answer") -> bytes:
        """A submission with honest answers and `source` as a first cell, a last cell, or the answer
        of TARGET.
        """
        if where == "answer":
            return self.zip(self.notebooks({TARGET: source}))
        return self.zip(
            self.notebooks(
                first=source if where == "first" else "", last=source if where == "last" else ""
            )
        )


@cache
def _release(root: Path) -> dict[str, NotebookNode]:
    from autograder.course.assignment import load

    folder = root / "release" / SLUG
    return {
        name: nbformat.read(folder / f"{name}.ipynb", as_version=4)
        for name in load(SLUG, root).notebooks
    }


@cache
def _solutions(root: Path) -> dict[str, str]:
    from autograder.course.assignment import labs, load
    from autograder.course.cell_kinds import grade_id_of, kind_of
    from autograder.course.regions import as_written_by_a_student

    folder = root / "source" / SLUG
    solved = [nbformat.read(folder / f"{name}.ipynb", as_version=4) for name in labs(SLUG, root)]
    cells = [cell for notebook in solved for cell in notebook.cells]
    answers = [cell for cell in cells if kind_of(cell) in ("answer", "analysis")]
    sources = {grade_id_of(cell): as_written_by_a_student(cell.source) for cell in answers}
    return {
        question.name: sources[question.name]
        for question in load(SLUG, root).questions.values()
        if question.has_checks
    }
