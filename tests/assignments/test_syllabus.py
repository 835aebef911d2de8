"""Every assignment covers its part of the syllabus, and its text has the cells and mark schemes
that `assignment.toml` promises.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jupytext
import pytest

from autograder.course.assignment import Assignment, Question, load, slugs

ROOT = Path(__file__).resolve().parents[2]
SYLLABUS = tomllib.loads((ROOT / "assignments" / "syllabus.toml").read_text(encoding="utf-8"))
SLUGS = slugs(ROOT)
MINIMUM = {"vae": (12, 60)}
"""What the course asks of an assignment at least: autograded questions, points for them."""

ROLES = ("answer", "check", "train", "analysis")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
MARK_SCHEME = re.compile(r"### BEGIN MARK SCHEME\n(.*?)### END MARK SCHEME", re.DOTALL)
MARKS = re.compile(r"^- (\d+(?:\.\d+)?) points?\b", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """One cell of a text notebook: `role` is one of ROLES, or "" for a locked cell of the
    course.
    """

    role: str
    name: str
    source: str


@cache
def assignment(slug: str) -> Assignment:
    return load(slug, ROOT)


@cache
def cells(slug: str, notebook: str) -> list[Cell]:
    """The cells of `assignments/<slug>/<notebook>.py` or `.md`, in order."""
    folder = ROOT / "assignments" / slug
    files = [file for suffix in ("py", "md") if (file := folder / f"{notebook}.{suffix}").is_file()]
    assert len(files) == 1, (
        f"{folder}: exactly one of {notebook}.py and {notebook}.md is needed, found {len(files)}"
    )
    found = []
    for cell in jupytext.read(files[0]).cells:
        role = next((role for role in ROLES if role in cell.metadata), "")
        found.append(Cell(role, cell.metadata.get(role, ""), cell.source))
    return found


def cells_of(slug: str, question: Question, role: str) -> list[Cell]:
    return [
        cell
        for cell in cells(slug, question.notebook)
        if (cell.role, cell.name) == (role, question.name)
    ]


def questions(*kinds: str) -> list[object]:
    """A pytest parameter (slug, question) for each question of these kinds in the whole course."""
    return [
        pytest.param(slug, question, id=f"{slug}-{question.name}")
        for slug in SLUGS
        for question in assignment(slug).questions.values()
        if question.kind in kinds
    ]


TOPICS = [
    pytest.param(slug, topic, row["kind"], id=f"{slug}-{topic}")
    for slug in SLUGS
    for topic, row in SYLLABUS[slug].items()
]


def test_there_are_assignments() -> None:
    assert SLUGS, "no assignments/<slug>/assignment.toml in the course"
    assert set(MINIMUM) <= set(SLUGS)


@pytest.mark.parametrize(("slug", "topic", "kind"), TOPICS)
def test_topic_is_covered_by_a_question_of_its_kind(slug: str, topic: str, kind: str) -> None:
    covering = {
        question.name: question.kind
        for question in assignment(slug).questions.values()
        if topic in question.covers
    }
    assert kind in covering.values(), (
        f"{topic} is a {kind} topic; the questions that cover it: {covering or 'none'}"
    )


@pytest.mark.parametrize(("slug", "question"), questions("code", "theory", "experiment"))
def test_covers_and_uses_name_what_exists(slug: str, question: Question) -> None:
    topics = {topic for table, rows in SYLLABUS.items() if table != "rules" for topic in rows}
    assert question.covers, "a question covers at least one topic"
    assert set(question.covers) <= topics, f"not in the syllabus: {set(question.covers) - topics}"
    order = list(assignment(slug).questions)
    for used in question.uses:
        assert order.index(used) < order.index(question.name), f"uses {used}, which comes later"
        assert assignment(slug).questions[used].kind == "code", (
            f"uses {used}, which defines no function"
        )


@pytest.mark.parametrize(
    ("slug", "count", "points"), [(slug, *least) for slug, least in MINIMUM.items()]
)
def test_enough_is_autograded(slug: str, count: int, points: float) -> None:
    autograded = [
        question
        for question in assignment(slug).questions.values()
        if question.autograded and not question.bonus
    ]
    assert len(autograded) >= count
    assert sum(question.points for question in autograded) >= points


@pytest.mark.parametrize(("slug", "question"), questions("code"))
def test_code_question_has_its_two_cells(slug: str, question: Question) -> None:
    answer, check = cells_of(slug, question, "answer"), cells_of(slug, question, "check")
    assert (len(answer), len(check)) == (1, 1), (
        f"{len(answer)} answer cells and {len(check)} check cells in {question.notebook}"
    )
    assert SOLUTION.search(answer[0].source), "the answer cell has no solution between its markers"
    assert "@visible_checks(" in check[0].source, "the check cell shows no visible checks"


@pytest.mark.parametrize(("slug", "question"), questions("theory", "experiment"))
def test_written_answer_has_a_model_answer_and_marks_that_add_up(
    slug: str, question: Question
) -> None:
    found = cells_of(slug, question, "analysis")
    assert len(found) == 1, f"{len(found)} analysis cells in {question.notebook}"
    solutions, schemes = SOLUTION.findall(found[0].source), MARK_SCHEME.findall(found[0].source)
    assert len(solutions) == 1 and solutions[0].strip(), "one model answer"
    assert len(schemes) == 1, "one mark scheme"
    marks = [float(number) for number in MARKS.findall(schemes[0])]
    assert sum(marks) == question.points, f"the marks {marks} do not add up to {question.points}"


@pytest.mark.parametrize(("slug", "question"), questions("theory"))
def test_question_above_the_answer_states_points_and_limits(slug: str, question: Question) -> None:
    (answer,) = cells_of(slug, question, "analysis")
    in_order = cells(slug, question.notebook)
    above = in_order[in_order.index(answer) - 1]
    assert above.role == "", "the cell above a written answer is the locked question"
    points = f"({question.points:g} point{'' if question.points == 1 else 's'})"
    assert points in above.source.splitlines()[0], f"the heading states {points}"
    for unit in ("words", "sentences"):
        stated = [int(number) for number in re.findall(rf"(\d+) {unit}\b", above.source)]
        limit = getattr(question, unit)
        assert stated == ([limit] if limit else []), (
            f"the question states {stated} {unit}, assignment.toml has {limit}"
        )


@pytest.mark.parametrize(("slug", "question"), questions("theory", "experiment"))
def test_model_answer_keeps_the_limits_that_students_get(slug: str, question: Question) -> None:
    """Words as `collect_submission.sh` counts them: a formula is one, a fenced block is none."""
    (answer,) = cells_of(slug, question, "analysis")
    text = FORMULA.sub(" formula ", FENCE.sub("", SOLUTION.findall(answer.source)[0]))
    words = len([word for word in text.split() if any(character.isalnum() for character in word)])
    assert not question.words or words <= question.words
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    assert not question.sentences or sentences <= question.sentences


@pytest.mark.parametrize("slug", SLUGS)
def test_no_cell_is_stray_or_named_twice(slug: str) -> None:
    known = assignment(slug).questions
    named = [
        cell
        for notebook in assignment(slug).notebooks
        for cell in cells(slug, notebook)
        if cell.role
    ]
    assert len({(cell.role, cell.name) for cell in named}) == len(named), (
        "two cells have the same role and name"
    )
    for cell in named:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", cell.name), f"{cell.role} cell named {cell.name!r}"
        if cell.role in ("check", "analysis"):
            assert cell.name in known, (
                f"{cell.role} cell {cell.name!r} has no [questions.{cell.name}]"
            )
    manual = {cell.name for cell in named if cell.role == "analysis"} & {
        cell.name for cell in named if cell.role in ("answer", "check")
    }
    assert not manual, f"names used for both code and text: {manual}"
