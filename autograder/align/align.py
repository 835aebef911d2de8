"""Put a student's answers into the course's notebook: its cells in its order, theirs where they
belong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dgm.handin.blankness import defined_names
from dgm.handin.cell_repair import as_meant
from dgm.handin.cell_rules import without_marker

from autograder.align.display import (
    MAX_ALL_CODE_CHARS,
    MAX_ALL_OUTPUTS,
    MAX_ALL_TEXT_CHARS,
    images,
    shown_code,
    shown_markdown,
    shown_outputs,
)
from autograder.align.matching import Found, Kind, Matching, Slot, slot_of
from autograder.align.rasterise import Rasteriser
from autograder.align.untrusted_notebook import UntrustedCell, read_cells
from autograder.course.assignment import Assignment
from autograder.errors import RejectedSubmission

if TYPE_CHECKING:
    from nbformat import NotebookNode

MAX_OWN_CELLS = 500


@dataclass
class AlignedCell:
    """One cell to run or show, in order. `name`: grade_id of a course's cell (an answer's is its
    question), `own-3` of a student's.

    source: of answers the student's ("" when missing, so that no stub hides what was defined
    elsewhere), else the course's. found: how the answer was found; "course" and "own" for what is
    not an answer.
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
    """The cells of one notebook, with notes for the report; `problem` is a sentence when the
    student's file could not be read.
    """

    name: str
    cells: list[AlignedCell]
    notes: list[str]
    problem: str | None
    release: NotebookNode = field(repr=False)
    said: dict[str, str] = field(default_factory=dict)
    """By a check cell's name, what the grader says there: shown in place of what the student's own
    run printed.
    """

    def to_notebook(self) -> dict[str, Any]:
        """For nbgrader's `autograded/`: the course's metadata and locked cells, the student's
        answers and outputs, nothing live.

        A valid notebook that shares its metadata with the release, to be written down as it is.
        """
        with_ids = self.release.nbformat_minor >= 5
        outputs_left, text_left, code_left = MAX_ALL_OUTPUTS, MAX_ALL_TEXT_CHARS, MAX_ALL_CODE_CHARS
        rasteriser = Rasteriser()
        cells = []
        for cell in self.cells:
            shown: dict[str, Any] = {
                "cell_type": cell.cell_type,
                "metadata": {},
                "source": cell.source,
            }
            if cell.release is not None:
                shown = dict(cell.release)
            elif with_ids:
                shown["id"] = cell.name
            if cell.cell_type == "code":
                shown |= _shown_outputs(cell.student, outputs_left, rasteriser)
                if cell.name in self.said and cell.kind == "check":
                    text = self.said[cell.name]
                    shown["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
                outputs_left = max(0, outputs_left - len(shown["outputs"]))
                if cell.student is not None and cell.kind in ("answer", "own"):
                    shown["source"] = shown_code(cell.student.source, code_left)
                    code_left = max(0, code_left - len(cell.student.source))
            elif cell.student is not None and cell.kind in ("analysis", "own"):
                shown |= _shown_text(cell.student, text_left, rasteriser)
                text_left = max(0, text_left - len(shown["source"]))
            cells.append(shown)
        return {**self.release, "cells": cells}


def align(
    data: bytes | None, release: NotebookNode, assignment: Assignment, notebook: str
) -> AlignedNotebook:
    """Align a student's notebook with the release's.

    data: the bytes of `<notebook>.ipynb`, None when it was not handed in. Never raises for what a
    student wrote: a file that cannot be read gives `problem` and all answers missing; a missing,
    doubled, renamed or malformed cell costs only itself.
    """
    slots = [slot_of(cell, number) for number, cell in enumerate(release.cells)]
    if data is None:
        return AlignedNotebook(
            notebook,
            _arranged(Matching(slots, [])),
            [],
            f"{notebook}.ipynb was not handed in.",
            release,
        )
    try:
        student, notes = read_cells(data)
    except RejectedSubmission as error:
        return AlignedNotebook(
            notebook,
            _arranged(Matching(slots, [])),
            [],
            f"{notebook}.ipynb {error.message}.",
            release,
        )
    matching = Matching(slots, student)
    matching.run()
    cells = _arranged(matching)
    return AlignedNotebook(notebook, cells, notes + matching.notes, None, release)


def _arranged(matching: Matching) -> list[AlignedCell]:
    """The release's cells in order, each followed by the student's own cells that came after their
    copy of it.
    """
    own: dict[int, list[AlignedCell]] = defaultdict(list)
    place, n_own = -1, 0
    for index, cell in enumerate(matching.cells):
        if index in matching.claimed:
            place = matching.claimed[index]
        elif index not in matching.dropped and cell.source.strip() and cell.cell_type != "raw":
            n_own += 1
            if n_own <= MAX_OWN_CELLS:
                own[place].append(
                    AlignedCell(
                        "own",
                        f"own-{n_own}",
                        cell.source,
                        "own",
                        False,
                        cell.cell_type,
                        student=cell,
                    )
                )
    if n_own > MAX_OWN_CELLS:
        matching.notes.append(
            f"The notebook has {n_own} added cells; the first {MAX_OWN_CELLS} were kept."
        )
    cells = list(own[-1])
    for number, slot in enumerate(matching.slots):
        cells += [_aligned(slot, matching), *own[number]]
    _count_answers_in_own_cells(cells, matching)
    return _with_text_below(cells, matching)


def _with_text_below(cells: list[AlignedCell], matching: Matching) -> list[AlignedCell]:
    """Text cells between a written answer and the course's next cell belong to the answer: people
    see them together with it.
    """
    kept: list[AlignedCell] = []
    answer: AlignedCell | None = None
    n_below = 0
    for cell in cells:
        if cell.kind != "own":
            answer, n_below = (cell, 0) if cell.kind == "analysis" and cell.student else (None, 0)
        elif answer and answer.student and cell.student and cell.cell_type == "markdown":
            n_below += 1
            below = cell.student
            answer.student = replace(
                answer.student,
                source=_together(answer, below.source),
                attachments={**below.attachments, **answer.student.attachments},
            )
            answer.source, answer.blank = answer.student.source, False
            if n_below == 1:
                matching.notes.append(f"{answer.name}: the text in cells below it belongs to it.")
            continue
        kept.append(cell)
    return kept


def _together(answer: AlignedCell, below: str) -> str:
    """The answer's text, without the release's placeholder, and what stands below it."""
    assert answer.student is not None
    above = answer.student.source
    if answer.blank:
        above = above.replace("YOUR ANSWER HERE", "").rstrip()
    return f"{above}\n\n{below}"


def _aligned(slot: Slot, matching: Matching) -> AlignedCell:
    cell = None if slot.filled_by is None else matching.cells[slot.filled_by]
    if not slot.is_answer:
        return AlignedCell(
            slot.kind,
            slot.name,
            slot.cell.source,
            "course",
            False,
            slot.cell.cell_type,
            slot.cell,
            cell,
        )
    source = cell.source if cell else ""
    if slot.kind == "answer" and (meant := as_meant(source)) != source:
        source = meant
        matching.notes.append(
            f"{slot.name}: run without a `raise NotImplementedError` above the answer, or without "
            "what only Colab has."
        )
    blank = slot.blank(cell) if cell else not slot.also_in
    return AlignedCell(
        slot.kind, slot.name, source, slot.found, blank, slot.cell.cell_type, slot.cell, cell
    )


def _count_answers_in_own_cells(cells: list[AlignedCell], matching: Matching) -> None:
    """An untouched stub whose function a later cell of the student's own defines is not blank: that
    cell runs after it.
    """
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
                    matching.notes.append(f"{name} is answered in an added cell.")


def _shown_outputs(
    student: UntrustedCell | None, outputs_left: int, rasteriser: Rasteriser
) -> dict[str, Any]:
    """What people see of what a student's cell of code has printed."""
    if student is None:
        return {"outputs": [], "execution_count": None}
    count = student.execution_count
    return {
        "outputs": shown_outputs(student.outputs, count, outputs_left, rasteriser),
        "execution_count": count,
    }


def _shown_text(student: UntrustedCell, text_left: int, rasteriser: Rasteriser) -> dict[str, Any]:
    """What people see of a student's text, with the pictures that are attached to it or, as Colab
    does, written into it.
    """
    named = [
        (name, data)
        for name, data in student.attachments.items()
        if isinstance(name, str) and isinstance(data, dict)
    ]
    kept = {
        name: found
        for name, data in named
        if re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name) and (found := images(data, rasteriser))
    }

    def attached(match: re.Match[str]) -> str:
        if not (found := images({match[1]: match[2]}, rasteriser)):
            return "[a picture that cannot be shown]"
        name = f"written-{len(kept) + 1}"
        kept[name] = found
        return f"attachment:{name}"

    source = re.sub(
        r"data:(image/png|image/jpeg|image/gif|image/svg\+xml);base64,([A-Za-z0-9+/=]+)",
        attached,
        without_marker(student.source),
    )
    shown: dict[str, Any] = {"source": shown_markdown(source, kept, text_left)}
    return shown | ({"attachments": kept} if kept else {})
