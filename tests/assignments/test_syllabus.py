"""Every assignment covers its part of the syllabus, and its questions state points and limits.

What `autograder release` refuses (cells that are missing, marks that do not add up) has its tests
in tests/release.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jupytext
import pytest
from dgm.handin.limits import count_sentences, count_words, plain_text

from autograder.course.assignment import Assignment, Question, load, slugs

ROOT = Path(__file__).resolve().parents[2]
SYLLABUS = tomllib.loads((ROOT / "assignments" / "syllabus.toml").read_text(encoding="utf-8"))
SLUGS = slugs(ROOT)
MINIMUM = {"vae": (12, 60)}
"""What the course asks of an assignment at least: autograded questions, points for them."""

ROLES = ("answer", "check", "quality", "train", "analysis")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


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


@pytest.mark.parametrize(("slug", "question"), questions("code", "quality", "theory", "experiment"))
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
        if question.has_checks and not question.bonus
    ]
    assert len(autograded) >= count
    assert sum(question.points for question in autograded) >= points


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
    """Counted as `collect_submission.sh` counts."""
    (answer,) = cells_of(slug, question, "analysis")
    text = plain_text(SOLUTION.findall(answer.source)[0])
    assert not question.words or count_words(text) <= question.words
    assert not question.sentences or count_sentences(text) <= question.sentences


@pytest.mark.parametrize(("slug", "question"), questions("quality"))
def test_a_quality_question_is_written_by_a_training_cell_and_states_what_counts(
    slug: str, question: Question
) -> None:
    """The file is written where the grader does not run, and the text has points and thresholds."""
    (check,) = cells_of(slug, question, "quality")
    in_order = cells(slug, question.notebook)
    before = in_order[: in_order.index(check)]
    text = [cell for cell in before if cell.role == ""][-1].source
    quality = question.quality
    assert quality is not None
    assert f"({question.points:g} points)" in text
    assert re.search(rf"\b{quality.full:g} earns all points", text)
    assert re.search(rf"\b{quality.half:g} half of them", text)
    stem = Path(quality.artifact).stem
    writers = [cell.role for cell in before if f'keep_tensors("{stem}"' in cell.source]
    assert writers == ["train"]
