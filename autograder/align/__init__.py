"""Put a student's answers into the course's notebook: its cells in its order, theirs where they belong."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.align.harmless import MAX_ALL_OUTPUTS, clean_markdown, images, shown_outputs
from autograder.align.matching import Found, Kind, Matching, Slot, slot_of
from autograder.align.meaning import defined_names, without_marker
from autograder.align.untrusted_notebook import UntrustedCell, read_cells
from autograder.assignment import Assignment
from autograder.errors import RejectedSubmission

if TYPE_CHECKING:
    from nbformat import NotebookNode

MAX_OWN_CELLS = 500


@dataclass
class AlignedCell:
    """One cell to run or show, in order. `name`: grade_id of a course's cell (an answer's is its question), `own-3` of a student's.

    source: of answers the student's ("" when missing, so that no stub hides what was defined elsewhere), else the course's.
    found: how the answer was found; "course" and "own" for what is not an answer.
    """

    kind: Kind
    name: str
    source: str
    found: Found
    blank: bool
    cell_type: str
    release: NotebookNode | None = field(default=None, repr=False)
    student: UntrustedCell | None = field(default=None, repr=False)


@dataclass
class AlignedNotebook:
    """The cells of one notebook, with notes for the report; `problem` is a sentence when the student's file could not be read."""

    name: str
    cells: list[AlignedCell]
    notes: list[str]
    problem: str | None
    release: NotebookNode = field(repr=False)

    def to_notebook(self) -> NotebookNode:
        """For nbgrader's `autograded/`: the course's metadata and locked cells, the student's answers and outputs, nothing live."""
        import copy

        import nbformat
        from nbformat import NotebookNode, v4

        made = NotebookNode({key: copy.deepcopy(value) for key, value in self.release.items() if key != "cells"}, cells=[])
        outputs_left = MAX_ALL_OUTPUTS
        for cell in self.cells:
            if cell.release is not None:
                shown = copy.deepcopy(cell.release)
            else:
                shown = v4.new_code_cell(id=cell.name) if cell.cell_type == "code" else v4.new_markdown_cell(id=cell.name)
                shown.source = cell.source
                if made.nbformat_minor < 5:
                    del shown["id"]
            if cell.student is not None:
                _show(shown, cell, outputs_left)
                outputs_left = max(0, outputs_left - len(shown.get("outputs", [])))
            made.cells.append(shown)
        nbformat.validate(made)
        return made


def align(data: bytes | None, release: NotebookNode, assignment: Assignment, notebook: str) -> AlignedNotebook:
    """Align a student's notebook with the release's.

    data: the bytes of `<notebook>.ipynb`, None when it was not handed in. Never raises for what a student wrote: a file that
    cannot be read gives `problem` and all answers missing; a missing, doubled, renamed or malformed cell costs only itself.
    """
    questions = {question.name for question in assignment.in_notebook(notebook)}
    slots = [slot_of(cell, number, questions) for number, cell in enumerate(release.cells)]
    if data is None:
        return AlignedNotebook(notebook, _arranged(Matching(slots, [])), [], f"{notebook}.ipynb was not handed in.", release)
    try:
        student, notes = read_cells(data)
    except RejectedSubmission as error:
        return AlignedNotebook(notebook, _arranged(Matching(slots, [])), [], f"{notebook}.ipynb {error.message}.", release)
    matching = Matching(slots, student)
    matching.run()
    cells = _arranged(matching)
    return AlignedNotebook(notebook, cells, notes + matching.notes, None, release)


def _arranged(matching: Matching) -> list[AlignedCell]:
    """The release's cells in order, each followed by the student's own cells that came after their copy of it."""
    own: dict[int, list[AlignedCell]] = defaultdict(list)
    place, n_own = -1, 0
    for index, cell in enumerate(matching.cells):
        if index in matching.claimed:
            place = matching.claimed[index]
        elif index not in matching.dropped and cell.source.strip() and cell.cell_type != "raw":
            n_own += 1
            if n_own <= MAX_OWN_CELLS:
                own[place].append(AlignedCell("own", f"own-{n_own}", cell.source, "own", False, cell.cell_type, student=cell))
    if n_own > MAX_OWN_CELLS:
        matching.notes.append(f"The notebook has {n_own} cells of the student's own; the first {MAX_OWN_CELLS} were kept.")
    cells = list(own[-1])
    for number, slot in enumerate(matching.slots):
        cells += [_aligned(slot, matching), *own[number]]
    _count_answers_in_own_cells(cells, matching)
    return cells


def _aligned(slot: Slot, matching: Matching) -> AlignedCell:
    cell = None if slot.filled_by is None else matching.cells[slot.filled_by]
    if not slot.is_answer:
        return AlignedCell(slot.kind, slot.name, slot.cell.source, "course", False, slot.cell.cell_type, slot.cell, cell)
    source = cell.source if cell else ""
    blank = slot.blank(cell) if cell else not slot.also_in
    return AlignedCell(slot.kind, slot.name, source, slot.found, blank, slot.cell.cell_type, slot.cell, cell)


def _count_answers_in_own_cells(cells: list[AlignedCell], matching: Matching) -> None:
    """An untouched stub whose function a later cell of the student's own defines is not blank: that cell runs after it."""
    targets = {slot.name: slot.targets for slot in matching.slots if slot.kind == "answer"}
    released = {slot.name: slot for slot in matching.slots}
    blank: dict[str, AlignedCell] = {}
    for cell in cells:
        if cell.kind == "answer" and cell.blank and cell.found != "missing":
            blank[cell.name] = cell
        elif cell.kind == "own" and cell.cell_type == "code" and blank:
            definitions, variables = defined_names(cell.source)
            for name in [name for name in blank if targets[name] & (definitions | variables)]:
                if cell.student and not released[name].blank(cell.student):
                    blank.pop(name).blank = False
                    matching.notes.append(f"{name} is answered in a cell of the student's own.")


def _show(shown: NotebookNode, cell: AlignedCell, outputs_left: int) -> None:
    """Fill a cell of the notebook that people see with what the student's has: source of an answer, outputs, attached images."""
    from nbformat import from_dict

    student = cell.student
    if student is None:
        return
    if shown.cell_type == "code":
        if cell.kind == "answer":
            shown.source = student.source
        shown.outputs = from_dict(shown_outputs(student.outputs, student.execution_count, outputs_left))
        shown.execution_count = student.execution_count
    elif cell.kind in ("analysis", "own"):
        named = [(name, data) for name, data in student.attachments.items() if isinstance(name, str) and isinstance(data, dict)]
        kept = {name: found for name, data in named if re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name) and (found := images(data))}
        shown.source = _without_missing_images(clean_markdown(without_marker(student.source)), set(kept))
        if kept:
            shown.attachments = from_dict(kept)


def _without_missing_images(text: str, attached: set[str]) -> str:
    """nbconvert refuses a whole notebook for one `attachment:` that is not there, however the colon is escaped."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if match[1] == ":" and match[2] in attached else f"attachment {match[2]}"

    return re.sub(r"attachment(\\?:)([^\s)]*)", kept, text)
