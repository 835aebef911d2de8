"""The page map: which pages each question is on, and what is not as it should be. Written as JSON
next to the PDF.
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA = 1


class QuestionPages(msgspec.Struct, kw_only=True):
    """A question, or the text of a problem (`kind` empty). Pages count from 1, the PDF's first."""

    name: str
    title: str
    notebook: str
    kind: str = ""
    points: float = 0.0
    first: int
    last: int
    blank: bool = False
    fixed: int = 0
    """The number of pages that the course asks for; 0: none."""
    shrunk: float = 1.0
    """By how much its text is smaller, so that it fits."""
    continued_at: int = 0
    """The page on which an answer that is longer than its pages is shown in full; 0: none."""


class NotTypeset(msgspec.Struct, kw_only=True):
    """A piece of a cell that stands there as it was typed, or a picture that is not shown."""

    notebook: str
    cell: str
    what: str
    why: str
    page: int


class PageMap(msgspec.Struct, kw_only=True):
    """Everything about one PDF. Names, ids and file names are untrusted text."""

    schema: int = SCHEMA
    assignment: str
    student_id: str
    student_name: str
    file: str
    pages: int
    typeset: Literal["full", "plain", "failed"]
    """plain: the student's texts stand there as they were typed. failed: one page that explains."""
    questions: list[QuestionPages] = []
    not_typeset: list[NotTypeset] = []
    notes: list[str] = []
