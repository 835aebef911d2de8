"""From what was handed in to a document: a submission, the notebooks kept with a report, or a
student's own files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dgm.handin.cell_rules import joined

from autograder.course.assignment import Assignment, load
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.parts import notebooks_in, parts_with
from autograder.errors import RejectedSubmission
from autograder.publish.pdf.document import Cell, CellKind, Document, Section
from autograder.publish.pdf.sections import course_sections, only_manual, plain_sections

if TYPE_CHECKING:
    from autograder.align.align import AlignedNotebook

MAX_NOTES = 40
KINDS = ("course", "answer", "check", "analysis", "train")


def of_zip(data: bytes, file: str, slug: str, root: Path, manual: bool) -> Document:
    """A submission as it was handed in. Raises RejectedSubmission as intake does."""
    from autograder.intake.read import read_submission

    assignment = load(slug, root)
    submission = read_submission(data, file, assignment)
    document = of_notebooks(submission.notebooks, assignment, root, manual)
    document.file = file
    document.student_id = submission.student.id
    document.student_name = submission.student.name
    document.handed_in = submission.handed_in.time if submission.handed_in else ""
    document.notes += submission.notes[:MAX_NOTES]
    return document


def of_notebooks(
    notebooks: Mapping[str, bytes], assignment: Assignment, root: Path, manual: bool
) -> Document:
    """A student's notebooks (bytes by name without suffix) in the course's order."""
    from autograder.align.align import align
    from autograder.course.released import release_notebook

    document = Document(assignment.title, assignment.slug)
    sections: list[Section] = []
    for name in in_order(assignment, notebooks):
        released = release_notebook(root, assignment.slug, name)
        aligned = align(notebooks.get(name), released, assignment, name)
        if aligned.problem:
            document.notes.append(aligned.problem)
        document.notes += aligned.notes[:MAX_NOTES]
        sections += course_sections(cells_of_aligned(aligned), assignment)
    document.sections = only_manual(sections) if manual else sections
    return document


def in_order(assignment: Assignment, given: Iterable[str]) -> list[str]:
    """The notebooks: written questions first, then the labs in the order of their questions; of an
    assignment with parts, those of the parts to which a `given` one belongs.
    """
    every = notebooks_in(assignment, parts_with(assignment, given))
    written = [
        name
        for name in every
        if all(question.kind == "theory" for question in assignment.in_notebook(name))
    ]
    return [*written, *(name for name in every if name not in written)]


def cells_of_aligned(aligned: AlignedNotebook) -> list[Cell]:
    """The cells as align has them; outputs and attachments are the student's, as they came."""
    cells = []
    for cell in aligned.cells:
        student = cell.student
        text = cell.source
        if cell.kind in ("answer", "analysis", "own"):
            text = student.source if student is not None else ""
        cells.append(
            Cell(
                aligned.name,
                cell.name,
                cell.kind,
                cell.cell_type,
                text,
                student.outputs if student is not None and cell.cell_type == "code" else [],
                student.attachments if student is not None else {},
                cell.blank,
            )
        )
    return cells


def of_kept(
    notebooks: Mapping[str, str], blank: Sequence[str], assignment: Assignment, manual: bool
) -> Document:
    """The notebooks that a results folder keeps: the course's cells, the student's answers, outputs
    as graders see them (autograder/align/display.py).

    notebooks: JSON by name. blank: questions without an answer, as the report has them.
    """
    document = Document(assignment.title, assignment.slug)
    sections: list[Section] = []
    for name in in_order(assignment, notebooks):
        if name not in notebooks:
            document.notes.append(f"{name}.ipynb is not in the results folder.")
            continue
        cells = [
            _kept_cell(name, number, raw, blank)
            for number, raw in enumerate(json.loads(notebooks[name])["cells"])
        ]
        sections += course_sections(cells, assignment)
    document.sections = only_manual(sections) if manual else sections
    return document


def _kept_cell(notebook: str, number: int, raw: dict[str, Any], blank: Sequence[str]) -> Cell:
    name = grade_id_of(raw) or str(raw.get("id") or f"cell-{number}")
    ours = bool(raw["metadata"])
    kind: CellKind = kind_of(raw) if ours else "own"
    return Cell(
        notebook,
        name,
        kind,
        raw["cell_type"],
        joined(raw["source"]) or "",
        raw.get("outputs", []),
        raw.get("attachments", {}),
        name in blank,
    )


def of_own(
    notebooks: Mapping[str, bytes],
    title: str,
    kit: Mapping[str, Sequence[tuple[str, str, str]]],
) -> Document:
    """A student's own notebooks, without the course.

    kit: by notebook, the id, kind and title of each cell, where the folder is a kit's.
    """
    from autograder.align.untrusted_notebook import read_cells

    document = Document(title, own=True)
    for notebook, data in notebooks.items():
        try:
            read, notes = read_cells(data)
        except RejectedSubmission as error:
            document.notes.append(f"{notebook}.ipynb {error.message}.")
            continue
        document.notes += notes[:MAX_NOTES]
        known = {cell_id: (kind, title) for cell_id, kind, title in kit.get(notebook, [])}
        cells = []
        for number, cell in enumerate(read):
            told = cell.grade_id or cell.marker or cell.cell_id or f"cell-{number + 1}"
            kind: CellKind
            if told in known and known[told][0] in KINDS:
                kind = known[told][0]  # type: ignore[assignment]
            elif cell.marker:
                kind, told = ("answer" if cell.cell_type == "code" else "analysis"), cell.marker
            else:
                kind = "own" if known else "course"
            cells.append(
                Cell(
                    notebook,
                    told,
                    kind,
                    cell.cell_type,
                    cell.source,
                    cell.outputs,
                    cell.attachments,
                )
            )
        titles = {cell_id: title for cell_id, (_, title) in known.items() if title}
        document.sections += plain_sections(notebook, cells, titles)
    return document
