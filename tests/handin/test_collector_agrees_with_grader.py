"""The program that students hand in with and the grader say the same of every cell."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from dgm.handin.answers import find_answers
from dgm.handin.kit import CourseCell
from dgm.handin.notebook import read_notebook
from nbformat import NotebookNode, v4

from autograder.align.align import align
from autograder.course.assignment import Assignment, Question

STUB = (
    "# question: kl\n"
    "def kl(mu, logvar):\n"
    '    """The divergence."""\n'
    "    # YOUR CODE HERE\n"
    "    raise NotImplementedError()"
)
ANSWER = STUB.replace("    # YOUR CODE HERE\n    raise NotImplementedError()", "    return 0")
TEXT_STUB = "<!-- question: seen -->\nYOUR ANSWER HERE"
TEXT = "<!-- question: seen -->\nDigits."


def released(make: Any, source: str, name: str, **mark: bool) -> NotebookNode:
    nbgrader = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, **mark}
    return make(source, id=name, metadata={"nbgrader": nbgrader})


RELEASE = v4.new_notebook(
    cells=[
        released(v4.new_code_cell, "import torch", "lab_001"),
        released(v4.new_code_cell, STUB, "kl", solution=True),
        released(v4.new_code_cell, "assert kl(0, 0) == 0", "test_kl", grade=True),
        released(v4.new_markdown_cell, "What do you see?", "lab_002"),
        released(v4.new_markdown_cell, TEXT_STUB, "seen", grade=True, solution=True),
    ]
)
KINDS = ["course", "answer", "check", "course", "analysis"]
COURSE = [
    CourseCell(cell.id, kind, "", 0, 0, cell.source)
    for cell, kind in zip(RELEASE.cells, KINDS, strict=True)
]
LAB = Assignment(
    slug="vae",
    title="VAE",
    questions={
        name: Question(title=name, notebook="lab", kind=kind, points=1, covers=[], name=name)
        for name, kind in (("kl", "code"), ("seen", "experiment"))
    },
)

Notebook = dict[str, Any]
Change = Callable[[Notebook], None]


def at(notebook: Notebook, name: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell.get("id") == name)


def sources(code: Any = ANSWER, text: Any = TEXT) -> Change:
    def change(notebook: Notebook) -> None:
        at(notebook, "kl")["source"], at(notebook, "seen")["source"] = code, text

    return change


def lose(*keys: str, marker: bool = False) -> Change:
    """Both answers without these keys, and with `marker` without the marker comment."""

    def change(notebook: Notebook) -> None:
        for cell in (at(notebook, "kl"), at(notebook, "seen")):
            if marker:
                cell["source"] = cell["source"].split("\n", 1)[1]
            if "metadata" in keys:
                cell["metadata"] = {}
            if "id" in keys:
                cell.pop("id")

    return change


def copies(source: str, *keys: str) -> Change:
    """A second copy of the code answer, at the end, without these keys."""

    def change(notebook: Notebook) -> None:
        cell = {**copy.deepcopy(at(notebook, "kl")), "source": source}
        cell.update({key: {} for key in keys if key == "metadata"})
        cell.pop("id")
        notebook["cells"].append(cell)

    return change


def both(*changes: Change) -> Change:
    def change(notebook: Notebook) -> None:
        for each in changes:
            each(notebook)

    return change


def swapped(notebook: Notebook) -> None:
    """The code answer claims by metadata to be the text answer, and by its marker to be itself."""
    at(notebook, "kl")["metadata"]["nbgrader"]["grade_id"] = "seen"


def retyped(notebook: Notebook) -> None:
    at(notebook, "kl")["cell_type"] = "markdown"


def attached(notebook: Notebook) -> None:
    at(notebook, "seen")["source"] = TEXT_STUB
    at(notebook, "seen")["attachments"] = {"drawing.png": {"image/png": "aGk="}}


GONE = ("missing", True)
CASES: dict[str, tuple[Change, tuple[str, bool], tuple[str, bool]]] = {
    "as released": (sources(STUB, TEXT_STUB), ("grade_id", True), ("grade_id", True)),
    "answered": (sources(), ("grade_id", False), ("grade_id", False)),
    "marker lost": (lose(marker=True), ("grade_id", False), ("grade_id", False)),
    "metadata lost": (lose("metadata"), ("marker", False), ("marker", False)),
    "metadata and id lost": (lose("metadata", "id"), ("marker", False), ("marker", False)),
    "only the cell id": (
        lose("metadata", marker=True),
        ("cell_id", False),
        ("cell_id", False),
    ),
    "metadata lost, untouched": (
        both(sources(STUB, TEXT_STUB), lose("metadata", "id")),
        ("marker", True),
        ("marker", True),
    ),
    "another's metadata": (swapped, GONE, ("grade_id", False)),
    "comments only": (
        sources("# question: kl\n\n  # later", "<!-- question: seen -->\n\n"),
        ("grade_id", True),
        ("grade_id", True),
    ),
    "emptied": (sources("", " \n"), ("grade_id", True), ("grade_id", True)),
    "an HTML comment is text": (
        sources(text="<!-- question: seen -->\n<!-- later -->"),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "comment added to the stub": (
        sources(STUB.replace("    # YOUR", "    # how?\n    # YOUR")),
        ("grade_id", True),
        ("grade_id", False),
    ),
    "stub kept, docstring gone": (
        sources("def kl(mu, logvar):\n    raise NotImplementedError"),
        ("grade_id", True),
        ("grade_id", False),
    ),
    "stub replaced by pass": (
        sources("def kl(mu, logvar):\n    pass"),
        ("grade_id", True),
        ("grade_id", False),
    ),
    "import added to the stub": (
        sources("import math\n" + STUB),
        ("grade_id", True),
        ("grade_id", False),
    ),
    "helper added to the stub": (
        sources(STUB + "\n\ndef half(x):\n    return x / 2"),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "answer above a stub that still raises": (
        sources(STUB.replace("    # YOUR", "    total = mu.sum()\n    # YOUR")),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "does not parse": (
        sources("def kl(mu, logvar:\n    return 0"),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "too long to parse": (
        sources("x = 1\n" * 10_000),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "magic above the stub": (
        sources("%pip list\n" + STUB),
        ("grade_id", True),
        ("grade_id", False),
    ),
    "white space around": (
        sources(f"\n{STUB}  \n\n", f"{TEXT_STUB} \n\n"),
        ("grade_id", True),
        ("grade_id", True),
    ),
    "CRLF, untouched": (
        sources(STUB.replace("\n", "\r\n"), TEXT_STUB.replace("\n", "\r\n")),
        ("grade_id", True),
        ("grade_id", True),
    ),
    "CRLF, answered, metadata lost": (
        both(
            sources(ANSWER.replace("\n", "\r\n"), TEXT.replace("\n", "\r\n")),
            lose("metadata", "id"),
        ),
        ("marker", False),
        ("marker", False),
    ),
    "lines in a list": (
        sources(STUB.splitlines(keepends=True), TEXT_STUB.splitlines(keepends=True)),
        ("grade_id", True),
        ("grade_id", True),
    ),
    "lone surrogates": (sources(text=TEXT + "\ud800"), ("grade_id", False), ("grade_id", False)),
    "a picture attached": (attached, ("grade_id", False), ("grade_id", False)),
    "turned into Markdown": (retyped, ("grade_id", False), ("grade_id", False)),
    "blank copy after the answer": (copies(STUB), ("grade_id", False), ("grade_id", False)),
    "blank copy without metadata": (
        copies(STUB, "metadata"),
        ("grade_id", False),
        ("grade_id", False),
    ),
    "answered copy without metadata": (
        both(sources(STUB), copies(ANSWER, "metadata")),
        ("marker", False),
        ("grade_id", False),
    ),
    "copy that does not define the name": (
        copies("# question: kl\nhalf = 1 / 2", "metadata"),
        ("grade_id", False),
        ("grade_id", False),
    ),
}


def student(change: Change) -> bytes:
    notebook = json.loads(nbformat.writes(RELEASE))
    sources()(notebook)
    change(notebook)
    return json.dumps(notebook).encode()


def said_by_the_grader(data: bytes) -> dict[str, tuple[str, bool]]:
    result = align(data, RELEASE, LAB, "lab")
    assert result.problem is None
    return {
        cell.name: (cell.found, cell.blank)
        for cell in result.cells
        if cell.kind in ("answer", "analysis")
    }


def said_by_the_collector(data: bytes) -> dict[str, tuple[str, bool]]:
    found = find_answers(read_notebook(data, "lab.ipynb"), COURSE)
    return {name: (one.how, one.blank or one.cell is None) for name, one in found.items()}


@pytest.mark.parametrize(("change", "code", "text"), CASES.values(), ids=CASES)
def test_both_say_the_same(change: Change, code: tuple[str, bool], text: tuple[str, bool]) -> None:
    data = student(change)
    expected = {"kl": code, "seen": text}
    assert said_by_the_grader(data) == expected
    assert said_by_the_collector(data) == expected


def test_only_the_name_is_left() -> None:
    data = student(lose("metadata", "id", marker=True))
    assert said_by_the_collector(data) == {"kl": ("name", False), "seen": GONE}
    # The grader also finds a text by its place, which the collector does not promise.
    assert said_by_the_grader(data) == {"kl": ("name", False), "seen": ("place", False)}


def test_the_last_of_several_cells_with_the_name_counts_unless_it_is_blank() -> None:
    def change(notebook: Notebook) -> None:
        unmarked = STUB.split("\n", 1)[1]
        notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": unmarked})

    data = student(both(lose("metadata", "id", marker=True), change))
    assert said_by_the_collector(data)["kl"] == said_by_the_grader(data)["kl"] == ("name", False)


def test_both_use_the_same_functions() -> None:
    from dgm.handin import blankness, cell_rules

    from autograder.align import matching, untrusted_notebook

    for name in ("is_blank_code", "is_blank_text", "defined_names", "same_source"):
        assert getattr(matching, name) is getattr(blankness, name)
    assert untrusted_notebook.joined is cell_rules.joined
