"""What says nothing about a pair: what every student was given, and what many would write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dgm.handin.cell_rules import without_marker

from autograder.audit.known import known_answers
from autograder.course.assignment import Assignment
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.released import release_notebook, source_notebook
from autograder.similarity.fingerprints import of_code, of_text


@dataclass
class CommonGround:
    """given: digests of parts of the release. right: by question, how many of its right answers
    have a part; n_right: how many right answers the question has.
    """

    given: set[int] = field(default_factory=set)
    right: dict[str, Counter[int]] = field(default_factory=dict)
    n_right: Counter[str] = field(default_factory=Counter)
    given_lines: frozenset[str] = frozenset()
    """Lines of the release, for showing them as such."""

    def add_right(self, question: str, digests: frozenset[int]) -> None:
        self.right.setdefault(question, Counter()).update(digests)
        self.n_right[question] += 1


def common_ground(assignment: Assignment, root: Path) -> CommonGround:
    """The release's cells, the model answers and the known right answers of an assignment. Raises
    CourseError when it was not built.
    """
    ground, lines = CommonGround(), set[str]()
    for name in assignment.notebooks:
        for cell in release_notebook(root, assignment.slug, name).cells:
            of = of_code if cell.cell_type == "code" else of_text
            ground.given |= of(cell.source).digests
            lines |= {line.strip() for line in cell.source.split("\n")}
        for cell in source_notebook(root, assignment.slug, name).cells:
            question, kind = grade_id_of(cell), kind_of(cell)
            if kind in ("answer", "analysis") and question in assignment.questions:
                of = of_code if cell.cell_type == "code" else of_text
                ground.add_right(question, of(without_marker(cell.source)).digests)
    for answer in known_answers(root, assignment):
        if answer.kind == "right":
            cell = next(one for one in answer.cells if one.question == answer.question)
            ground.add_right(answer.question, of_code(cell.source).digests)
    ground.given_lines = frozenset(lines)
    return ground
