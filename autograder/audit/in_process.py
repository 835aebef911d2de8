"""Grade known answers in this very process: no sandbox, no notebook from its beginning, and only
the questions that an answer can affect. Seconds for a question, where the sandbox takes minutes.

For answers that somebody of the course wrote: they run here with all rights, and one that hangs is
not interrupted.
"""

from __future__ import annotations

import ast
import contextlib
import io
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import torch

from autograder.audit.grading import Graded, Task
from autograder.checks.judge import judge_question
from autograder.checks.suite import use_suites_of
from autograder.course.assignment import Question, load
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.model_answers import model_answers
from autograder.course.released import release_notebook
from autograder.grading.grade import ungraded_result
from autograder.report import QuestionResult
from autograder.sandbox.proxy import local_student
from autograder.worker.responder import Switches

Namespace = dict[str, Any]


def grade_in_process(tasks: list[Task], root: Path, slug: str) -> Iterator[tuple[int, Graded]]:
    """Grade every task with one thread of torch, which is several times faster for small tensors;
    (index, what came of it), in order.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield from enumerate(map(InProcessGrader(root, slug).grade, tasks))
    finally:
        torch.set_num_threads(before)


class InProcessGrader:
    """Grades the tasks of one assignment; what they share is run once."""

    def __init__(self, root: Path, slug: str) -> None:
        use_suites_of(root)
        self.root, self.assignment = root, load(slug, root)
        self._set_up: dict[str, Namespace] = {}
        self._solved: dict[str, Namespace] = {}

    def grade(self, task: Task) -> Graded:
        """What becomes of a notebook: of every question in it, or of those that the task names, or
        that its cells can affect.
        """
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):  # what answers print is nobody's business
            names = self.namespace(task)
            questions = [each for each in self._questions(task, names) if each.has_checks]
            results = [self._result(each, names, task.secret) for each in questions]
        return Graded(results, round(time.perf_counter() - start, 3))

    def namespace(self, task: Task) -> Namespace:
        """The notebook's globals after its set-up and its answers; later experiments do not run."""
        names = dict(self._prepared(task.notebook))
        answers = self._released(task.notebook) if task.blank else self._answers(task.notebook)
        for question, source in (answers | _replaced(task)).items():
            if question in self._code(task.notebook):
                exec(_compiled(source), names)
        return names

    def _result(self, question: Question, names: Namespace, secret: str) -> QuestionResult:
        result = ungraded_result(question, None)
        result.blank = False  # then one check would speak for all: here each is asked
        slug = self.assignment.slug
        switches = Switches.now()
        student = local_student(names)
        judge_question(slug, question, lambda: student, secret, result)
        switches.restore()
        return result

    def _questions(self, task: Task, names: Namespace) -> list[Question]:
        mine = self.assignment.in_notebook(task.notebook)
        if task.only:
            return [each for each in mine if each.name in task.only]
        if not task.cells:
            return mine
        affected = self._affected(task, names)
        return [each for each in mine if each.name in affected]

    def _affected(self, task: Task, names: Namespace) -> set[str]:
        """The questions of the task's cells, and those whose answers read a name that they bind."""
        before = self._solution(task.notebook)
        bound = {name for name, value in names.items() if not _same(before.get(name), value)}
        answers = self._answers(task.notebook)
        readers = {name for name, source in answers.items() if read_in(source) & bound}
        return readers | _replaced(task).keys()

    def _prepared(self, notebook: str) -> Namespace:
        """The globals after the course's own code above the first answer."""
        if notebook not in self._set_up:
            names: Namespace = {"__name__": "__main__"}
            for cell in release_notebook(self.root, self.assignment.slug, notebook).cells:
                if kind_of(cell) == "answer":
                    break
                if kind_of(cell) == "course" and cell.cell_type == "code":
                    exec(_compiled(cell.source), names)
            self._set_up[notebook] = names
        return self._set_up[notebook]

    def _solution(self, notebook: str) -> Namespace:
        if notebook not in self._solved:
            self._solved[notebook] = self.namespace(Task(notebook, ""))
        return self._solved[notebook]

    def _code(self, notebook: str) -> set[str]:
        return {each.name for each in self.assignment.in_notebook(notebook) if each.has_checks}

    def _answers(self, notebook: str) -> dict[str, str]:
        return model_answers(self.root, self.assignment.slug, notebook)

    def _released(self, notebook: str) -> dict[str, str]:
        cells = release_notebook(self.root, self.assignment.slug, notebook).cells
        return {grade_id_of(cell): cell.source for cell in cells if kind_of(cell) == "answer"}


def _replaced(task: Task) -> dict[str, str]:
    """The task's own answers by question, each with the scratch cells that follow it."""
    found: dict[str, str] = {}
    for cell in task.cells:
        before = found.get(cell.question, "")
        found[cell.question] = f"{before}\n\n{cell.source}" if cell.scratch else cell.source
    return found


def _same(before: Any, after: Any) -> bool:
    """Whether a name means what it did: a function of a cell that ran again is another object with
    the same code.
    """
    code = getattr(after, "__code__", None)
    same_code = isinstance(code, CodeType) and getattr(before, "__code__", None) is code
    return before is after or same_code


@cache
def _compiled(source: str) -> CodeType:
    return compile(source, "notebook", "exec")


@cache
def read_in(source: str) -> set[str]:
    """The names that a cell uses or sets."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
