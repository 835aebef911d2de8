"""The parts of an assignment: notebooks with a due date of their own, handed in by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from autograder.course.points import NAME

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment


class Part(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One part: its notebooks (without `.ipynb`) and its due date, with its zone."""

    title: str
    notebooks: list[str]
    due: datetime
    extensions: dict[str, datetime] = {}
    """As the assignment's, for this part alone."""


def part_of(assignment: Assignment, name: str) -> Assignment:
    """A part as an assignment: its questions, its due date, and of the assignment's extensions
    those that are later than it.
    """
    part = assignment.parts[name]
    longer = {who: due for who, due in assignment.extensions.items() if due > part.due}
    return msgspec.structs.replace(
        assignment,
        questions={
            question.name: question
            for question in assignment.questions.values()
            if question.notebook in part.notebooks
        },
        due=part.due,
        extensions=longer | part.extensions,
        parts={name: part},
    )


def parts_with(assignment: Assignment, notebooks: Iterable[str]) -> list[str]:
    """The parts to which any of the notebooks belongs, in the assignment's order."""
    given = set(notebooks)
    return [name for name, part in assignment.parts.items() if given.intersection(part.notebooks)]


def notebooks_in(assignment: Assignment, parts: Iterable[str]) -> list[str]:
    """The notebooks of these parts; of an assignment without parts all of them."""
    if not assignment.parts:
        return assignment.notebooks
    chosen = {one for name in parts for one in assignment.parts[name].notebooks}
    return [name for name in assignment.notebooks if name in chosen]


def problem_of_parts(parts: Mapping[str, Part], notebooks: list[str], slug: str) -> str:
    """What is wrong with the parts of an assignment with these notebooks, as the end of a sentence;
    empty if nothing is.
    """
    owner: dict[str, str] = {}
    for name, part in parts.items():
        if not NAME.match(name) or name == slug:
            return f"part name {name!r} must match [a-z][a-z0-9_]*, and not be the slug"
        for who, due in {"": part.due, **part.extensions}.items():
            if due.tzinfo is None:
                what = f"the extension of {who!r}" if who else "due"
                return (
                    f"part {name}: {what} has no time zone. Write {due.isoformat()}Z, which is in "
                    "UTC"
                )
        if not part.notebooks:
            return f"part {name} has no notebooks"
        for notebook in part.notebooks:
            if notebook not in notebooks:
                return f"part {name} has {notebook}.ipynb, which no question is in"
            if other := owner.get(notebook):
                return f"{notebook}.ipynb is in the parts {other} and {name}. Leave it in one"
            owner[notebook] = name
    if parts and (without := [one for one in notebooks if one not in owner]):
        return f"{without[0]}.ipynb is in no part. Add it to the notebooks of one"
    return ""
