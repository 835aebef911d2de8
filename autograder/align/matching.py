"""Which of a student's cells is which of the course's: by grade_id, marker comment, cell id, name,
source, place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, cast

from dgm.handin import cell_rules
from dgm.handin.blankness import (
    defined_names,
    is_blank_code,
    is_blank_text,
    normal,
    same_source,
    target_names,
)

from autograder.align.untrusted_notebook import UntrustedCell
from autograder.course.cell_kinds import CellKind, grade_id_of, kind_of
from autograder.intake.untrusted_text import listing

if TYPE_CHECKING:
    from nbformat import NotebookNode

Kind = CellKind | Literal["own"]
Found = Literal["grade_id", "marker", "cell_id", "name", "place", "missing", "course", "own"]
_ALIKE = 0.6
"""Lines shared / lines of both, from which on a cell without metadata counts as a changed copy of a
locked one.
"""


@dataclass(eq=False)
class Slot:
    """A cell of the release, and the index of the student's cell that fills it."""

    number: int
    kind: Kind
    name: str
    cell: NotebookNode
    filled_by: int | None = None
    found: Found = "missing"
    also_in: str = ""
    _blank: dict[int, bool] = field(default_factory=dict, repr=False)

    @property
    def is_answer(self) -> bool:
        return self.kind in ("answer", "analysis")

    @cached_property
    def targets(self) -> set[str]:
        """The names by which the answer is known: the question's own, or those that the release's
        cell defines.
        """
        return target_names(self.name, self.cell.source) if self.kind == "answer" else set()

    def blank(self, cell: UntrustedCell) -> bool:
        """Whether `cell`, one of a notebook that outlives this slot, is not filled in."""
        if id(cell) not in self._blank:
            self._blank[id(cell)] = (
                is_blank_code(cell.source, self.cell.source)
                if self.cell.cell_type == "code"
                else is_blank_text(cell.source, self.cell.source, bool(cell.attachments))
            )
        return self._blank[id(cell)]


def slot_of(cell: NotebookNode, number: int) -> Slot:
    """What a cell of the release is, by the metadata that the course gave it."""
    name = grade_id_of(cell) or str(cell.get("id") or f"cell-{number}")
    return Slot(number, kind_of(cell), name, cell)


class Matching:
    """Which of the student's cells stands for which of the release's: `claimed` (student's index ->
    slot's), `dropped`, and notes.
    """

    def __init__(self, slots: list[Slot], cells: list[UntrustedCell]) -> None:
        self.slots = slots
        self.cells = cells
        self.notes: list[str] = []
        self.claimed: dict[int, int] = {}
        self.dropped: set[int] = set()
        self._grade_ids = {slot.name for slot in slots}
        self._defined: dict[int, set[str]] = {}

    def run(self) -> None:
        self._answers_by_mark()
        self._locked_cells()
        self._answers_by_name()
        self._analyses_by_place()
        self._tell()

    def _claim(self, index: int, slot: Slot, found: Found) -> None:
        slot.filled_by, slot.found = index, found
        self.claimed[index] = slot.number

    def _free(self, index: int) -> bool:
        return index not in self.claimed and index not in self.dropped

    def _unmarked(self, index: int) -> bool:
        """Free, and without the metadata of another of the course's cells."""
        return self._free(index) and self.cells[index].grade_id not in self._grade_ids

    def _answers_by_mark(self) -> None:
        """Answers by grade_id, marker comment or cell id; of several the last that is filled in,
        rather one that defines the name.
        """
        by: dict[Found, dict[str, list[int]]] = {
            "grade_id": defaultdict(list),
            "marker": defaultdict(list),
            "cell_id": defaultdict(list),
        }
        for index, cell in enumerate(self.cells):
            claim = cell_rules.claim(cell.grade_id, cell.marker, cell.cell_id, self._grade_ids)
            if claim:
                by[cast(Found, claim[0])][claim[1]].append(index)
        for slot in (slot for slot in self.slots if slot.is_answer):
            candidates = {
                index: found for found, indices in by.items() for index in indices[slot.name]
            }
            if not candidates:
                continue
            filled = [index for index in candidates if not slot.blank(self.cells[index])]
            best = cell_rules.chosen(
                list(candidates),
                filled,
                partial(self._defines, slot),
                lambda index: self.cells[index].execution_count,
            )
            self._claim(best, slot, candidates[best])
            self.dropped.update(set(candidates) - {best})
            if len(candidates) > 1:
                self.notes.append(self._told_of_copies(slot, best, list(candidates), filled))
            if self.cells[best].cell_type != slot.cell.cell_type:
                self.notes.append(
                    f"The cell of {slot.name} was turned into a {self.cells[best].cell_type} "
                    f"cell; it is read as {slot.cell.cell_type}."
                )

    def _told_of_copies(self, slot: Slot, best: int, copies: list[int], filled: list[int]) -> str:
        runs = [self.cells[index].execution_count for index in sorted(copies)]
        numbers = [str(run) for run in runs if run is not None]
        shown = f" (run as {' and '.join(numbers[:5])})" if len(numbers) > 1 else ""
        counts = "the last that is filled in counts" if filled else "none is filled in"
        if filled and best != max(filled) and self.cells[best].execution_count is not None:
            counts = f"the one that ran last ({self.cells[best].execution_count}) counts"
        return (
            f"There are {len(copies)} cells for {slot.name}{shown}; {counts}, the others "
            "were left out."
        )

    def _locked_cells(self) -> None:
        """The student's copies of the course's cells: known, so that they keep the place of own
        cells and are not run twice.
        """
        by_source: dict[str, list[Slot]] = defaultdict(list)
        by_name = {slot.name: slot for slot in self.slots if not slot.is_answer}
        for slot in by_name.values():
            by_source[normal(slot.cell.source)].append(slot)
        copies = 0
        for index, cell in enumerate(self.cells):
            if not self._free(index):
                continue
            known = by_name.get(cell.grade_id or "")
            if known is None and cell.grade_id not in self._grade_ids:
                known = by_name.get(cell.cell_id or "")
            if known is not None and known.filled_by is None:
                self._claim(index, known, "course")
            elif known is not None:
                copies += 1
                self.dropped.add(index)
        for index, cell in enumerate(self.cells):
            if (
                not self._unmarked(index)
                or not (alike := by_source.get(normal(cell.source)))
                or not cell.source.strip()
            ):
                continue
            if free := [slot for slot in alike if slot.filled_by is None]:
                self._claim(index, free[0], "course")
            else:
                self.dropped.add(index)
        self._changed_copies()
        if copies:
            self.notes.append(f"{copies} copies of the course's locked cells were left out.")

    def _changed_copies(self) -> None:
        """Locked cells that lost their metadata and were changed: those that share most of their
        lines with one that is not there.
        """
        by_line: dict[str, list[int]] = defaultdict(list)
        n_lines: dict[int, int] = {}
        for number, slot in enumerate(self.slots):
            if not slot.is_answer and slot.filled_by is None:
                lines = _lines(slot.cell.source)
                n_lines[number] = len(lines)
                for line in lines:
                    by_line[line].append(number)
        for index in filter(self._unmarked, range(len(self.cells))):
            lines = _lines(self.cells[index].source)
            shared: dict[int, int] = defaultdict(int)
            for line in lines:
                for number in by_line.get(line, ()):
                    shared[number] += 1
            scores = {
                number: count / (len(lines) + n_lines[number] - count)
                for number, count in shared.items()
            }
            scores = {
                number: score
                for number, score in scores.items()
                if self.slots[number].filled_by is None and score >= _ALIKE
            }
            if scores:
                self._claim(
                    index, self.slots[max(scores, key=lambda number: scores[number])], "course"
                )

    def _definitions(self, index: int) -> set[str]:
        """Names that a code cell defines at its top level."""
        if index not in self._defined:
            definitions, variables = defined_names(self.cells[index].source)
            self._defined[index] = definitions | variables
        return self._defined[index]

    def _defines(self, slot: Slot, index: int) -> bool:
        return bool(slot.targets & self._definitions(index))

    def _answers_by_name(self) -> None:
        wanting = [slot for slot in self.slots if slot.kind == "answer" and slot.filled_by is None]
        by_name: dict[str, list[int]] = defaultdict(list)
        for index, cell in enumerate(self.cells if wanting else []):
            if cell.cell_type == "code" and index not in self.dropped:
                for name in self._definitions(index):
                    by_name[name].append(index)
        for slot in wanting:
            indices = {index for target in slot.targets for index in by_name.get(target, ())}
            free = [index for index in indices if self._unmarked(index)]
            if free:
                best = max([index for index in free if not slot.blank(self.cells[index])] or free)
                self._claim(best, slot, "name")
                continue
            # Two cells merged into one: its code runs in the place of the other answer.
            elsewhere = [
                self.slots[self.claimed[index]]
                for index in sorted(indices)
                if index in self.claimed
            ]
            if merged := [
                other
                for other in elsewhere
                if other.kind == "answer" and not slot.targets & other.targets
            ]:
                slot.found, slot.also_in = "name", merged[-1].name
                self.notes.append(f"{slot.name} is answered in the cell of {slot.also_in}.")

    def _analyses_by_place(self) -> None:
        """A text answer that lost metadata and marker: the text right after the copy of the cell
        that comes before it in the release.
        """
        for slot, before in zip(self.slots[1:], self.slots, strict=False):
            if slot.kind != "analysis" or slot.filled_by is not None or before.filled_by is None:
                continue
            index = before.filled_by + 1
            if (
                index < len(self.cells)
                and self._unmarked(index)
                and self.cells[index].cell_type == "markdown"
            ):
                self._claim(index, slot, "place")

    def _tell(self) -> None:
        changed = [
            slot.name
            for slot in self.slots
            if slot.found == "course" and not self._as_released(slot)
        ]
        absent = [slot.name for slot in self.slots if not slot.is_answer and slot.filled_by is None]
        if changed:
            self.notes.append(
                f"Locked cells were changed and replaced by the originals: {listing(changed)}."
            )
        if absent:
            self.notes.append(
                f"Locked cells were missing and replaced by the originals: {listing(absent)}."
            )
        for found, told in {
            "marker": "their comment",
            "cell_id": "their cell id",
            "name": "the name they define",
            "place": "their place",
        }.items():
            if names := [
                slot.name for slot in self.slots if slot.found == found and not slot.also_in
            ]:
                self.notes.append(f"The notebook lost metadata. Found by {told}: {listing(names)}.")

    def _as_released(self, slot: Slot) -> bool:
        return slot.filled_by is not None and same_source(
            self.cells[slot.filled_by].source, slot.cell.source
        )


def _lines(source: str) -> set[str]:
    return {line.strip() for line in source.splitlines() if line.strip()}
