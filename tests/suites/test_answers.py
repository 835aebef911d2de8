"""The hidden suites, measured in this process: solutions, oracles and right answers keep full marks, blank and wrong ones don't."""

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

from autograder.assignment import Question, load, slugs
from autograder.proxy import local_student, reference_student
from autograder.runner import SUITES, run_question, score, suite

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
    """A known answer beside a suite."""

    place: Place
    file: Path

    @property
    def source(self) -> str:
        return self.file.read_text()


PLACES = [Place(slug, question) for slug in slugs(ROOT) for question in load(slug, ROOT).questions.values() if question.autograded]


def known(kind: str) -> list[Known]:
    by_name = {(place.slug, place.name): place for place in PLACES}
    return [
        Known(by_name[slug, file.stem.split("__")[0]], file) for slug in slugs(ROOT) for file in sorted((SUITES / slug / kind).glob("*.py"))
    ]


WRONG, RIGHT = known("wrong"), known("right")


def identity(value: Any) -> str:
    return f"{value.slug}-{value.name}" if isinstance(value, Place) else f"{value.place.slug}-{value.file.stem}"


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
    return namespace(notebook, **{name: blank(source) for name, source in cells(*notebook)[1].items()})


def points(place: Place, names: dict[str, Any], secret: str = "tests") -> tuple[float | None, list[str]]:
    """Score of a question, and what its checks that did not pass say to staff."""
    checks = run_question(place.slug, place.question, lambda: local_student(names), secret)
    return score(place.question, checks), [f"{check.name}: {check.staff}" for check in checks if check.outcome != "passed"]


@cache
def mentioned(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def defined(answer: Known) -> set[str]:
    """Names that the top level of a known answer binds."""
    before = solved(answer.place.notebook)
    names = dict(before)
    exec(compiled(answer.source), names)
    return {name for name, value in names.items() if name not in before or before[name] is not value}


def others_that_may_change(answer: Known) -> list[Place]:
    """Questions whose code reads a name that the known answer binds: no other can behave differently."""
    bound, answers = defined(answer), cells(*answer.place.notebook)[1]
    others = [place for place in PLACES if place.notebook == answer.place.notebook and place != answer.place]
    return [place for place in others if mentioned(answers[place.name]) & bound]


def keeps_full_marks(place: Place, names: dict[str, Any], secret: str = "tests") -> None:
    assert points(place, names, secret) == (place.question.points, [])


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_every_question_has_cells_checks_and_known_answers(slug):
    mine = [place for place in PLACES if place.slug == slug]
    for notebook in dict.fromkeys(place.notebook for place in mine):
        assert list(cells(*notebook)[1]) == [place.name for place in mine if place.notebook == notebook]
    for place in mine:
        source = cells(*place.notebook)[1][place.name]
        assert "### BEGIN SOLUTION" in source and "NotImplementedError" in blank(source)
        assert "return" not in blank(source).split('"""')[-1], f"the blank of {place.name} still holds code"
        assert len(suite(slug, place.name).items) >= 5
        assert sum(answer.place == place for answer in WRONG) >= 4
        assert sum(answer.place == place for answer in RIGHT) >= 2


@pytest.mark.parametrize("answer", [*WRONG, *RIGHT], ids=identity)
def test_known_answer_says_in_a_sentence_what_it_is(answer):
    sentence = ast.get_docstring(ast.parse(answer.source))
    assert sentence and sentence.endswith(".") and "\n" not in sentence
    assert answer.place.name in defined(answer)


@each_question
def test_what_students_are_told_completes_the_sentence(place):
    checks = suite(place.slug, place.name)
    for item in checks.items:
        title = checks.title(item)
        assert title[0].islower() and not title.endswith("."), title


@each_question
def test_model_solution_gets_full_marks(place):
    for secret in ("a", "b", "c"):
        keeps_full_marks(place, namespace(place.notebook), secret)


@each_question
def test_reference_passes_its_own_checks(place):
    checks = run_question(place.slug, place.question, lambda: reference_student(place.slug), "tests")
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
    exec(compiled(next(cell.source for cell in lab(*place.notebook) if cell.metadata.get("check") == place.name)), names)
    return capsys.readouterr().out.strip()


@each_question
def test_visible_checks_pass_for_the_solution_and_say_what_is_missing_in_a_blank(place, capsys):
    assert visible_verdict(place, namespace(place.notebook), capsys) == f"{place.name}: visible checks pass"
    assert visible_verdict(place, all_blank(place.notebook), capsys).startswith(f"{place.name}: not answered yet")


@each_right
def test_visible_checks_pass_for_right_answers(answer, capsys):
    place = answer.place
    assert visible_verdict(place, namespace(place.notebook, **{place.name: answer.source}), capsys) == f"{place.name}: visible checks pass"
