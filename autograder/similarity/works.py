"""What is compared: of each student the answers and own cells of the submission that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dgm.handin.cell_rules import joined, without_marker

from autograder.course.assignment import Assignment
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.similarity.fingerprints import MAX_PIECE_CHARS, Fingerprint, of_code, of_text

OWN = "own cells"
"""Stands for a question: the cells that a student added, code and text."""
MAX_WORK_CHARS = 512 * 1024
"""Of all of a student's pieces: what is beyond is not compared, which a note tells."""


@dataclass(frozen=True)
class Piece:
    """One answer, or one cell of the student's own: its text as it was handed in."""

    question: str
    kind: Literal["code", "text"]
    source: str

    def fingerprint(self) -> Fingerprint:
        return of_code(self.source) if self.kind == "code" else of_text(self.source)


@dataclass(frozen=True)
class Result:
    """What the hidden checks said of one answer."""

    failed: tuple[str, ...]
    """The checks that failed."""
    share: float
    """Of the points: 0 to 1."""


@dataclass
class Work:
    """One submission that counts. `label`: who it is, for people; untrusted, as `file` is."""

    label: str
    file: str
    people: frozenset[str]
    """Keys of all for whom it counts."""
    pieces: list[Piece] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    group: str = ""
    year: str = ""
    """The folder of an earlier year; empty: this year's."""

    def pair_with(self, other: Work) -> bool:
        """Whether the two may be compared: other people, other groups, one of them of this year."""
        if self.year and other.year:
            return False
        same_group = bool(self.group) and (self.group, self.year) == (other.group, other.year)
        return not same_group and not self.people & other.people


@dataclass
class Works:
    """A class: what can be compared, and sentences on what cannot."""

    works: list[Work] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def pieces_of(
    cells: Sequence[Mapping[str, Any]], questions: set[str], blank: set[str]
) -> Iterator[Piece]:
    """The answers and own cells of a notebook that the grader has aligned, as it is kept next to a
    report: the course's cells have their metadata, the student's own have none.

    blank: questions that were not answered.
    """
    for cell in cells:
        source = joined(cell.get("source")) or ""
        name = grade_id_of(cell)
        kind: Literal["code", "text"] = "code" if cell.get("cell_type") == "code" else "text"
        if name in questions:
            if kind_of(cell) in ("answer", "analysis") and name not in blank:
                yield Piece(name, kind, without_marker(source))
        elif not cell.get("metadata") and source.strip():
            yield Piece(OWN, kind, source)


def within_limits(pieces: Iterator[Piece], label: str, notes: list[str]) -> list[Piece]:
    """The pieces, cut to what comparing them may cost."""
    kept: list[Piece] = []
    left = MAX_WORK_CHARS
    cut = False
    for piece in pieces:
        limit = min(left, MAX_PIECE_CHARS)
        cut = cut or len(piece.source) > limit
        if limit:
            kept.append(Piece(piece.question, piece.kind, piece.source[:limit]))
        left -= min(limit, len(piece.source))
    if cut:
        notes.append(f"{label}: too long to be compared as a whole; only beginnings were")
    return kept


def question_names(assignment: Assignment) -> dict[str, str]:
    """By question, its title; own cells last."""
    names = {one.name: one.title for one in assignment.questions.values()}
    return {**names, OWN: "Cells that students added"}
