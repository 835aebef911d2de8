"""Cells to sections: every problem and every question starts a page.

A question's section begins at the text that leads to it, so that what a reader needs is in front of
the answer, and ends where the next one begins. Figures that follow a question stay with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.course.assignment import Assignment, Question
from autograder.publish.pdf.document import Cell, Section, question_of_check

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
MAX_PLAIN = 200
"""Sections of a notebook without a course."""


def heading_of(cell: Cell) -> tuple[int, str]:
    """Level and text of the heading that a course's text cell starts with; (0, ""): none."""
    if cell.cell_type != "markdown" or cell.by_student:
        return 0, ""
    match = _HEADING.match(cell.source.lstrip())
    return (len(match[1]), match[2]) if match else (0, "")


def course_sections(cells: Sequence[Cell], assignment: Assignment) -> list[Section]:
    """The sections of one notebook of the course, in its order. Each cell is in exactly one."""
    starts = _starts(cells, assignment)
    sections: list[Section] = []
    for begin, end in zip(starts, [*list(starts)[1:], len(cells)], strict=False):
        question = starts[begin]
        level, title = heading_of(cells[begin])
        if question is not None:
            # A problem that has this one question is its own bookmark
            level, title = (1 if level in (1, 2) else 2), question.title
        sections.append(
            Section(
                name=question.name if question else f"{cells[begin].notebook}-{begin + 1}",
                title=plain_title(title) or cells[begin].notebook,
                level=level if question else 1,
                cells=list(cells[begin:end]),
                question=question,
                blank=question is not None and _blank(question, cells[begin:end]),
            )
        )
    return sections


def _starts(cells: Sequence[Cell], assignment: Assignment) -> dict[int, Question | None]:
    """Index of the cell with which each section begins -> its question, in order."""
    starts: dict[int, Question | None] = {0: None} if cells else {}
    for number, cell in enumerate(cells):
        if heading_of(cell)[0] in (1, 2):
            starts.setdefault(number, None)
    seen: set[str] = set()
    free = 0  # the first cell that no earlier question has
    for number, cell in enumerate(cells):
        name = _question_name(cell, assignment)
        if name and name not in seen:
            seen.add(name)
            starts[_lead(cells, free, number, starts)] = assignment.questions[name]
        if name:
            free = number + 1
            while free < len(cells) and cells[free].kind == "own":
                free += 1
    return dict(sorted(starts.items()))


def _question_name(cell: Cell, assignment: Assignment) -> str:
    if cell.kind in ("answer", "analysis"):
        return cell.name if cell.name in assignment.questions else ""
    return question_of_check(cell.name, assignment) if cell.kind == "check" else ""


def _lead(cells: Sequence[Cell], free: int, answer: int, starts: dict[int, Question | None]) -> int:
    """Where the section of the question answered at `answer` begins, not before `free`."""
    begin = answer
    while (
        begin > free
        and cells[begin - 1].cell_type == "markdown"
        and not cells[begin - 1].by_student
    ):
        begin -= 1
    headed = [n for n in range(begin, answer) if heading_of(cells[n])[0]]
    if not headed:
        return begin
    problems = [n for n in headed if n in starts]
    # only text between the problem's heading and the question's: one page serves both
    return problems[-1] if problems and starts[problems[-1]] is None else headed[-1]


def _is_course_text(cell: Cell) -> bool:
    return cell.cell_type == "markdown" and not cell.by_student


def _blank(question: Question, cells: Sequence[Cell]) -> bool:
    answers = [cell for cell in cells if cell.kind in ("answer", "analysis")]
    mine = [cell for cell in answers if cell.name == question.name]
    return bool(mine) and all(cell.blank for cell in mine)


def only_manual(sections: Sequence[Section]) -> list[Section]:
    """The questions that people mark, each with the pictures of its problem.

    An experiment's figures come out of cells further up; without their code they stand in front of
    the analysis that is about them.
    """
    kept: list[Section] = []
    figures: list[Cell] = []
    for section in sections:
        if section.level == 1:
            figures = []
        question = section.question
        if question is not None and not question.autograded:
            shown = [cell for cell in section.cells if cell.kind != "check"]
            before = figures if question.kind == "experiment" else []
            kept.append(
                Section(section.name, section.title, 1, [*before, *shown], question, section.blank)
            )
            figures = []
        else:
            figures += [
                Cell(cell.notebook, cell.name, cell.kind, "outputs", "", cell.outputs)
                for cell in section.cells
                if cell.kind in ("train", "own") and cell.outputs
            ]
    return kept


def plain_sections(notebook: str, cells: Sequence[Cell], titles: dict[str, str]) -> list[Section]:
    """The sections of a notebook without its course: one for each answer that has a marker.

    titles: by question, where a kit tells them.
    """
    sections = [Section(notebook, notebook, 1, [])]
    for number, cell in enumerate(cells):
        if cell.kind in ("answer", "analysis") and len(sections) < MAX_PLAIN:
            begin = number
            lead: list[Cell] = []
            while begin > 0 and cells[begin - 1].cell_type == "markdown":
                begin -= 1
                if cells[begin].by_student or not sections[-1].cells:
                    break
                lead.insert(0, sections[-1].cells.pop())
            title = titles.get(cell.name) or cell.name
            sections.append(Section(cell.name, title, 2, lead, blank=cell.blank))
        sections[-1].cells.append(cell)
    return [section for section in sections if section.cells]


def plain_title(title: str) -> str:
    """A heading for a bookmark: without Markdown's marks and mathematics' dollars."""
    return re.sub(r"[*`$\\{}]", "", title).strip()[:150]
