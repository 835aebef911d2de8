"""Where pages begin, and what the people who mark get."""

from __future__ import annotations

from pdf_cells import assignment, code, question, text

from autograder.publish.pdf.document import Cell
from autograder.publish.pdf.sections import course_sections, only_manual, plain_sections

LAB = assignment(
    question("double", "code", "lab"),
    question("cube", "code", "lab"),
    question("samples", "quality", "lab"),
    question("study", "experiment", "lab"),
)


def words(source: str, kind: str = "course", name: str = "t") -> Cell:
    return text(source, kind, name)


FIGURE = [{"output_type": "display_data", "data": {"text/plain": "a figure"}}]
CELLS = [
    words("# A lab"),
    code("import math", kind="course", name="setup"),
    words("## 1. Numbers\n\n### Twice"),
    code("def double(x): ...", name="double"),
    code("assert double(1) == 2", kind="check", name="test_double"),
    code("mine = 1", kind="own", name="own-1"),
    words("The picture shows it."),
    code("plot()", FIGURE, kind="train", name="plot"),
    words("### The third power"),
    code("def cube(x): ...", name="cube"),
    code("assert cube(1) == 1", kind="check", name="test_cube"),
    words("## 2. Experiment"),
    code("train()", FIGURE, kind="train", name="train"),
    words("**Samples**"),
    code("show()", kind="check", name="test_samples"),
    words("**Analysis**"),
    text("I saw it.", name="study"),
]


def test_each_cell_is_in_one_section_and_each_question_starts_one() -> None:
    sections = course_sections(CELLS, LAB)
    assert [cell for section in sections for cell in section.cells] == CELLS
    told = [(one.question.name if one.question else one.title, one.level) for one in sections]
    assert told == [
        ("A lab", 1),
        ("double", 1),
        ("cube", 2),
        ("2. Experiment", 1),
        ("samples", 2),
        ("study", 2),
    ]


def test_a_section_begins_with_the_text_that_leads_to_its_question() -> None:
    first = {one.name: one.cells[0].source for one in course_sections(CELLS, LAB)}
    assert first["double"].startswith("## 1.") and first["cube"] == "### The third power"
    assert first["study"] == "**Analysis**"


def test_a_figure_after_a_question_stays_with_it() -> None:
    (double,) = [one for one in course_sections(CELLS, LAB) if one.name == "double"]
    assert [cell.name for cell in double.cells[-3:]] == ["own-1", "t", "plot"]


def test_an_answer_that_is_missing_makes_its_section_blank() -> None:
    cells = [text("", name="study", blank=True), text("Yes.", name="other", blank=False)]
    course = assignment(question("study"), question("other"))
    assert [one.blank for one in course_sections(cells, course)] == [True, False]


def test_only_manual_has_what_people_mark_with_the_figures_of_its_problem() -> None:
    (study,) = only_manual(course_sections(CELLS, LAB))
    assert study.name == "study"
    assert [(cell.name, cell.cell_type) for cell in study.cells] == [
        ("train", "outputs"),
        ("t", "markdown"),
        ("study", "markdown"),
    ]


def test_without_a_course_an_answers_marker_starts_a_section() -> None:
    cells = [words("# Hello"), words("Question one"), text("Mine.", name="one"), words("The end")]
    found = plain_sections("theory", cells, {"one": "The first"})
    assert [(one.title, len(one.cells)) for one in found] == [("The first", 4)]
