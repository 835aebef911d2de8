"""Written answers that are longer than their question allows, counted as collect_submission.sh
does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dgm.handin.limits import exceeded

from autograder.course.assignment import Assignment
from autograder.course.cell_kinds import grade_id_of, kind_of


def over_limits(
    notebooks: Mapping[str, Mapping[str, Any]], assignment: Assignment
) -> dict[str, list[str]]:
    """By question, a sentence for each limit that the answer exceeds.

    notebooks: those kept next to the report, by name. Texts there have a blank after `<` that the
    student did not type; it separates no words here.
    """
    found = {}
    for name, notebook in notebooks.items():
        wanted = {one.name: one for one in assignment.in_notebook(name)}
        for cell in notebook["cells"]:
            question = wanted.get(grade_id_of(cell))
            if question and kind_of(cell) == "analysis":
                text = cell["source"]
                text = text if isinstance(text, str) else "".join(text)
                told = exceeded(text.replace("< ", "<"), question.words, question.sentences)
                if told:
                    found[question.name] = [f"The answer {one}" for one in told]
    return found
