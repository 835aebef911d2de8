"""What a student's notebook has of each answer: found how, filled in, fit to be graded."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Mapping, NamedTuple, Sequence

from dgm.handin import cell_rules
from dgm.handin.blankness import defined_names, is_blank_code, is_blank_text, target_names
from dgm.handin.display_text import listing, one_line
from dgm.handin.kit import Choice, CourseCell
from dgm.handin.limits import check_limits
from dgm.handin.notebook import Cell

ABOUT_ANSWERS = {
    "missing": "not found, the cell and its marker are gone. Copy the cell back from a fresh kit "
    "and put the answer in it",
    "marker": "nbgrader's metadata is gone. The marker comment is still there, so the answer will "
    "be found",
    "cell_id": "nbgrader's metadata and the marker comment are gone. The cell's id is still there, "
    "so the answer will be found",
    "name": "nbgrader's metadata and the marker comment are gone. The answer will be found by the "
    "name that it defines; do not rename it",
    "twice": "there is more than one copy of the cell. The last copy that is not blank is graded; "
    "delete the others",
    "blank": "left blank",
    "unfinished": "still contains `raise NotImplementedError`",
    "not code": "is no longer a code cell. Set the type of the cell to Code",
    "not text": "is no longer a Markdown cell. Set the type of the cell to Markdown",
    "error": "ended in an error when it was last run",
    "locked": "missing or without metadata. These are cells of the course, and the grader uses its "
    "own copies",
    "locked twice": "there is more than one copy. These are cells of the course, and the grader "
    "uses its own copies",
}
"""The end of the sentence about one or more answers, by the fault."""


class Found(NamedTuple):
    """The cell that counts as an answer. how: grade_id, marker, cell_id, name or missing."""

    how: str
    cell: Cell | None = None
    n_copies: int = 0
    blank: bool = False


def find_answers(cells: Sequence[Cell], course: Sequence[CourseCell]) -> dict[str, Found]:
    """Each answer of the course's notebook, by name, as the grader will find it.

    cells: the student's, with `source` as one string; course: all cells of the kit's notebook.
    """
    known = {wanted.id for wanted in course}
    claims = [
        cell_rules.claim(
            cell_rules.grade_id(cell),
            cell_rules.marker(cell["source"]),
            cell_rules.cell_id(cell),
            known,
        )
        for cell in cells
    ]
    return {wanted.id: _find(cells, claims, wanted) for wanted in course if wanted.is_answer}


def _find(
    cells: Sequence[Cell], claims: Sequence[tuple[str, str] | None], wanted: CourseCell
) -> Found:
    """Find an answer by what cells claim, else by the name that a cell without a claim defines."""
    how = {index: claim[0] for index, claim in enumerate(claims) if claim and claim[1] == wanted.id}
    if not how:
        how = {
            index: "name"
            for index, claim in enumerate(claims)
            if claim is None
            and cells[index].get("cell_type") == "code"
            and _defines(cells[index], wanted)
        }
    if not how:
        return Found("missing")
    filled = [index for index in how if not is_blank(cells[index], wanted)]
    best = cell_rules.chosen(
        list(how),
        filled,
        lambda index: _defines(cells[index], wanted),
        lambda index: cells[index].get("execution_count"),
    )
    n_copies = 1 if how[best] == "name" else len(how)
    blank = best not in filled and not _text_below(cells, claims, best, wanted)
    return Found(how[best], cells[best], n_copies, blank)


def _text_below(
    cells: Sequence[Cell], claims: Sequence[tuple[str, str] | None], best: int, wanted: CourseCell
) -> bool:
    """Whether a written answer goes on in text cells between it and the course's next cell."""
    if wanted.kind != "analysis":
        return False
    for cell, claim in zip(cells[best + 1 :], claims[best + 1 :]):
        if claim is not None:
            return False
        if cell.get("cell_type") == "markdown" and cell["source"].strip():
            return True
    return False


def _defines(cell: Cell, wanted: CourseCell) -> bool:
    if wanted.kind != "answer":
        return False
    definitions, variables = defined_names(cell["source"])
    return bool(target_names(wanted.id, wanted.source) & (definitions | variables))


def is_blank(cell: Cell, wanted: CourseCell) -> bool:
    """Whether a cell, as the answer `wanted`, is not filled in."""
    if wanted.kind == "answer":
        return is_blank_code(cell["source"], wanted.source)
    attachments = cell.get("attachments")
    attached = isinstance(attachments, dict) and bool(attachments)
    return is_blank_text(cell["source"], wanted.source, attached)


def not_needed(answers: Mapping[str, Found], choices: Sequence[Choice]) -> set[str]:
    """The blank answers beside which a choice has as many filled in as count."""
    names: set[str] = set()
    for choice in choices:
        filled, blank = _filled_and_blank(answers, choice)
        if len(filled) >= choice.needed:
            names.update(blank)
    return names


def _filled_and_blank(answers: Mapping[str, Found], choice: Choice) -> tuple[list[str], list[str]]:
    """The answers of a choice that are in this notebook; one whose cell is gone is neither."""
    there = [name for name in choice.questions if name in answers and answers[name].cell]
    blank = [name for name in there if answers[name].blank]
    return [name for name in there if name not in blank], blank


def _too_few(answers: Mapping[str, Found], choices: Sequence[Choice]) -> list[str]:
    """A sentence on each choice of this notebook of which fewer are filled in than count."""
    told = []
    for choice in choices:
        filled, blank = _filled_and_blank(answers, choice)
        if blank and len(filled) < choice.needed:
            told.append(
                f"{choice.title}: {len(filled)} of the {choice.needed} answers that count are "
                f"filled in. Left blank: {listing(blank, len(blank))}."
            )
    return told


def n_to_answer(course: Sequence[CourseCell], choices: Sequence[Choice]) -> int:
    """How many answers of a notebook a student should fill in."""
    names = {wanted.id for wanted in course if wanted.is_answer}
    spare = [len(one.questions) - one.needed for one in choices if names >= set(one.questions)]
    return len(names) - sum(spare)


def check_answers(
    cells: Sequence[Cell],
    course: Sequence[CourseCell],
    file: str,
    choices: Sequence[Choice] = (),
) -> tuple[list[str], int]:
    """Warnings about lost, doubled, blank and overlong answers, and how many are filled in.

    Of a choice, blank answers count as one warning if more are needed, and never more filled in
    than it needs.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    limits: list[str] = []
    n_filled = 0
    answers = find_answers(cells, course)
    chosen = {name for choice in choices for name in choice.questions}
    for wanted in course:
        name = wanted.id
        found = answers.get(name)
        if found is None:
            groups[_about_locked(cells, name)].append(name)
            continue
        for fault in faults(found, wanted):
            if fault != "blank" or name not in chosen:
                groups[fault].append(name)
        if found.cell is None or found.blank:
            continue
        n_filled += 1
        groups["error"].extend(f"{name} ({error})" for error in errors_shown(found.cell))
        if wanted.kind == "analysis":
            limits.extend(check_limits(found.cell["source"], wanted))
    warnings = [
        f"{file}: {listing(groups[fault])}: {sentence}."
        for fault, sentence in ABOUT_ANSWERS.items()
        if groups[fault]
    ]
    for choice in choices:
        n_filled -= max(0, len(_filled_and_blank(answers, choice)[0]) - choice.needed)
    more = [*_too_few(answers, choices), *limits]
    return warnings + [f"{file}: {sentence}" for sentence in more], n_filled


def _about_locked(cells: Sequence[Cell], name: str) -> str:
    n_copies = sum(cell_rules.grade_id(cell) == name for cell in cells)
    return "locked" if n_copies == 0 else "locked twice" if n_copies > 1 else "fine"


def faults(found: Found, wanted: CourseCell) -> list[str]:
    """What to say about an answer, by the keys of ABOUT_ANSWERS; other keys mean nothing."""
    told = [found.how] + (["twice"] if found.n_copies > 1 else [])
    if found.cell is None:
        return told
    if found.blank:
        return [*told, "blank"]
    cell_type = found.cell.get("cell_type")
    if wanted.kind == "analysis":
        return told if cell_type == "markdown" else [*told, "not text"]
    if cell_type != "code":
        return [*told, "not code"]
    unfinished = re.search(
        r"^[ \t]*raise NotImplementedError\b", found.cell["source"], re.MULTILINE
    )
    return [*told, "unfinished"] if unfinished else told


def errors_shown(cell: Cell) -> list[str]:
    """The name of the first error among a cell's outputs, as a list of at most one."""
    outputs = cell.get("outputs")
    shown = outputs if isinstance(outputs, list) else []
    return [
        one_line(str(output.get("ename")))[:40]
        for output in shown
        if isinstance(output, dict) and output.get("output_type") == "error"
    ][:1]
