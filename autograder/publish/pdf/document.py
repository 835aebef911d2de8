"""What a PDF shows: sections of cells, plain data between the readers and the typesetter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.course.assignment import Assignment, Question

CellKind = Literal["course", "answer", "analysis", "check", "train", "own"]


@dataclass
class Cell:
    """One cell. Its text, outputs and attachments are untrusted unless `kind` is one of the
    course's.

    name: grade_id of a course's cell (of an answer its question), `own-3` of a student's.
    """

    notebook: str
    name: str
    kind: CellKind
    cell_type: str
    source: str
    outputs: list[Any] = field(default_factory=list, repr=False)
    attachments: dict[Any, Any] = field(default_factory=dict, repr=False)
    blank: bool = False

    @property
    def by_student(self) -> bool:
        return self.kind in ("answer", "analysis", "own")


@dataclass
class Section:
    """What starts on a page of its own: a question, or a problem's text with the figures between.

    level: 1 for a problem, 2 for a question in it. pages: the fixed number; 0: as many as it takes.
    """

    name: str
    title: str
    level: int
    cells: list[Cell]
    question: Question | None = None
    blank: bool = False

    @property
    def pages(self) -> int:
        return self.question.pages if self.question else 0


@dataclass
class Document:
    """One student's document. `notes` are sentences for its first page."""

    title: str
    slug: str = ""
    student_id: str = ""
    student_name: str = ""
    file: str = ""
    handed_in: str = ""
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    own: bool = False
    """All of it is from a student's file, whatever the kind of a cell."""


def question_of_check(name: str, assignment: Assignment) -> str:
    """The question that a check cell belongs to; empty: none."""
    question = name.removeprefix("test_")
    return question if name != question and question in assignment.questions else ""
