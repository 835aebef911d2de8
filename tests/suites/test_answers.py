"""The hidden suites, measured in this process: solutions, oracles and right answers keep full
marks, blank and wrong ones don't.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import pytest
import torch

from autograder.audit.known import KnownAnswer, known_answers
from autograder.checks.judge import run_question, score
from autograder.checks.suite import oracles, suite
from autograder.course.assignment import Question, load, slugs
from autograder.sandbox.proxy import local_student

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Place:
    """A code question and the assignment that it is in."""

    slug: str
    question: Question

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def notebook(self) -> tuple[str, str]:
        return self.slug, self.question.notebook


@dataclass(frozen=True)
class Known:
    """A known answer of a question."""

    place: Place
    answer: KnownAnswer

    @property
    def source(self) -> str:
        return "\n\n".join(cell.source for cell in self.answer.cells)


PLACES = [
    Place(slug, question)
    for slug in slugs(ROOT)
    for question in load(slug, ROOT).questions.values()
    if question.autograded
]


def known(kind: str) -> list[Known]:
    by_name = {(place.slug, place.name): place for place in PLACES}
    found = [
        (slug, answer) for slug in slugs(ROOT) for answer in known_answers(ROOT, load(slug, ROOT))
    ]
    return [
        Known(by_name[slug, answer.question], answer)
        for slug, answer in found
        if answer.kind == kind
    ]


WRONG, RIGHT = known("wrong"), known("right")


def identity(value: Any) -> str:
    return (
        f"{value.slug}-{value.name}"
        if isinstance(value, Place)
        else f"{value.place.slug}-{value.answer.name}"
    )


each_question = pytest.mark.parametrize("place", PLACES, ids=identity)
each_wrong = pytest.mark.parametrize("answer", WRONG, ids=identity)
each_right = pytest.mark.parametrize("answer", RIGHT, ids=identity)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def lab(slug: str, notebook: str) -> list[Any]:
    """The cells of a lab's text."""
    return jupytext.read(ROOT / "assignments" / slug / f"{notebook}.py").cells


@cache
def cells(slug: str, notebook: str) -> tuple[str, dict[str, str]]:
    """The set-up code and the answer cells of the autograded questions, in order."""
    questions = {place.name for place in PLACES if place.notebook == (slug, notebook)}
    setup, answers = [], {}
    for cell in lab(slug, notebook):
        if cell.cell_type != "code" or "train" in cell.metadata or "check" in cell.metadata:
            continue
        name = cell.metadata.get("answer")
        if name in questions:
            answers[name] = cell.source
        elif not answers:
            setup.append(cell.source)
    return "\n".join(setup), answers


@cache
def compiled(source: str) -> Any:
    return compile(source, "lab", "exec")


@cache
def set_up(notebook: tuple[str, str]) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "lab"}
    exec(compiled(cells(*notebook)[0]), names)
    return names


def namespace(notebook: tuple[str, str], **replaced: str) -> dict[str, Any]:
    """The notebook's globals after its cells have run, with some answer cells replaced."""
    names = dict(set_up(notebook))
    for source in (cells(*notebook)[1] | replaced).values():
        exec(compiled(source), names)
    return names


@cache
def solved(notebook: tuple[str, str]) -> dict[str, Any]:
    """The globals of the model solution; to be copied, not changed."""
    return namespace(notebook)


def blank(source: str) -> str:
    return SOLUTION.sub(r"\1raise NotImplementedError", source)


def all_blank(notebook: tuple[str, str]) -> dict[str, Any]:
    return namespace(
        notebook, **{name: blank(source) for name, source in cells(*notebook)[1].items()}
    )


def points(
    place: Place, names: dict[str, Any], secret: str = "tests"
) -> tuple[float | None, list[str]]:
    """Score of a question, and what its checks that did not pass say to staff."""
    checks = run_question(place.slug, place.question, lambda: local_student(names), secret)
    return score(place.question, checks), [
        f"{check.name}: {check.staff}" for check in checks if check.outcome != "passed"
    ]


@cache
def mentioned(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def defined(answer: Known) -> set[str]:
    """Names that the top level of a known answer binds."""
    before = solved(answer.place.notebook)
    names = dict(before)
    exec(compiled(answer.source), names)
    return {
        name for name, value in names.items() if name not in before or before[name] is not value
    }


def others_that_may_change(answer: Known) -> list[Place]:
    """Questions whose code reads a name that the known answer binds: no other can behave
    differently.
    """
    bound, answers = defined(answer), cells(*answer.place.notebook)[1]
    others = [
        place
        for place in PLACES
        if place.notebook == answer.place.notebook and place != answer.place
    ]
    return [place for place in others if mentioned(answers[place.name]) & bound]


def keeps_full_marks(place: Place, names: dict[str, Any], secret: str = "tests") -> None:
    assert points(place, names, secret) == (place.question.points, [])


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_every_question_has_cells_checks_and_known_answers(slug):
    mine = [place for place in PLACES if place.slug == slug]
    for notebook in dict.fromkeys(place.notebook for place in mine):
        assert list(cells(*notebook)[1]) == [
            place.name for place in mine if place.notebook == notebook
        ]
    for place in mine:
        source = cells(*place.notebook)[1][place.name]
        assert "### BEGIN SOLUTION" in source and "NotImplementedError" in blank(source)
        assert "return" not in blank(source).split('"""')[-1], (
            f"the blank of {place.name} still holds code"
        )
        assert len(suite(slug, place.name)) >= 5
        assert sum(answer.place == place for answer in WRONG) >= 4
        assert sum(answer.place == place for answer in RIGHT) >= 2


@each_question
def test_what_students_are_told_completes_the_sentence(place):
    for check in suite(place.slug, place.name):
        assert check.title[0].islower() and not check.title.endswith("."), check.title


@each_question
def test_model_solution_gets_full_marks(place):
    for secret in ("a", "b", "c"):
        keeps_full_marks(place, namespace(place.notebook), secret)


@each_question
def test_reference_passes_its_own_checks(place):
    checks = run_question(
        place.slug, place.question, lambda: local_student(oracles(place.slug)), "tests"
    )
    assert [(check.name, check.staff) for check in checks if check.outcome != "passed"] == []


@each_question
def test_blank_gets_nothing(place):
    assert points(place, all_blank(place.notebook))[0] == 0


@each_wrong
def test_wrong_answer_loses_points_on_its_own_question_alone(answer):
    names = namespace(answer.place.notebook, **{answer.place.name: answer.source})
    got, _ = points(answer.place, names)
    assert got is not None and got < answer.place.question.points
    for other in others_that_may_change(answer):
        keeps_full_marks(other, names)


@each_right
def test_right_answer_keeps_full_marks_whatever_the_secret(answer):
    names = namespace(answer.place.notebook, **{answer.place.name: answer.source})
    for secret in ("a", "b", "c"):
        keeps_full_marks(answer.place, names, secret)
    for other in others_that_may_change(answer):
        keeps_full_marks(other, names)


def visible_verdict(place: Place, names: dict[str, Any], capsys: Any) -> str:
    """What the question's check cell prints for a student."""
    capsys.readouterr()
    exec(
        compiled(
            next(
                cell.source
                for cell in lab(*place.notebook)
                if cell.metadata.get("check") == place.name
            )
        ),
        names,
    )
    return capsys.readouterr().out.strip()


@each_question
def test_visible_checks_pass_for_the_solution_and_say_what_is_missing_in_a_blank(place, capsys):
    assert (
        visible_verdict(place, namespace(place.notebook), capsys)
        == f"{place.name}: visible checks pass"
    )
    assert visible_verdict(place, all_blank(place.notebook), capsys).startswith(
        f"{place.name}: not answered yet"
    )


@each_right
def test_visible_checks_pass_for_right_answers(answer, capsys):
    place = answer.place
    assert (
        visible_verdict(place, namespace(place.notebook, **{place.name: answer.source}), capsys)
        == f"{place.name}: visible checks pass"
    )
