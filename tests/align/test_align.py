"""Notebooks as students and their tools leave them, built here: each answer is found, and what is
broken costs only itself.
"""

from __future__ import annotations

import base64
import copy
import json
import re
import time
from typing import Any

import nbformat
import pytest
from dgm.handin.blankness import defined_names, is_blank_code, is_blank_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode, v4

from autograder.align.align import MAX_OWN_CELLS, AlignedCell, AlignedNotebook, align
from autograder.align.display import MAX_ALL_OUTPUTS, shown_outputs
from autograder.course.assignment import Assignment, Question

STUB = (
    '# question: {0}\ndef {0}(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise '
    "NotImplementedError()"
)
ANSWER = '# question: {0}\ndef {0}(x):\n    """Twice x."""\n    return 2 * x'
TEXT = "<!-- question: {0} -->\nYOUR ANSWER HERE"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()


def cell(
    make: Any,
    source: str,
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    tags: tuple[str, ...] = (),
) -> NotebookNode:
    mark = {
        "schema_version": 3,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "grade_id": grade_id,
    }
    metadata = {"nbgrader": mark | ({"points": 1} if grade else {})} | (
        {"tags": list(tags)} if tags else {}
    )
    return make(source, id=grade_id, metadata=metadata)


def code_question(name: str) -> list[NotebookNode]:
    check = f'@visible_checks("{name}")\ndef _():\n    assert {name}(1) is not None'
    return [
        cell(v4.new_code_cell, STUB.format(name), name, solution=True),
        cell(v4.new_code_cell, check, f"test_{name}", grade=True),
    ]


RELEASE = v4.new_notebook(
    metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    cells=[
        cell(v4.new_markdown_cell, "# The lab", "lab_001"),
        cell(v4.new_code_cell, "import torch\nfrom dgm import check", "lab_002"),
        *code_question("kl"),
        *code_question("elbo"),
        cell(v4.new_code_cell, STUB.format("build_vae"), "build_vae", solution=True),
        cell(
            v4.new_code_cell,
            "n_iters = 3000\nmodel = build_vae(1)\ntrain(model)\nplot(model)",
            "lab_003",
            tags=("train",),
        ),
        cell(v4.new_markdown_cell, "What do you see?", "lab_004"),
        cell(v4.new_markdown_cell, TEXT.format("seen"), "seen", grade=True, solution=True),
        cell(v4.new_markdown_cell, "The end.", "lab_005"),
    ],
)
NAMES = [released.id for released in RELEASE.cells]
KINDS = [
    "course",
    "course",
    "answer",
    "check",
    "answer",
    "check",
    "answer",
    "train",
    "course",
    "analysis",
    "course",
]


def question(name: str, kind: Any = "code") -> Question:
    return Question(title=name, notebook="lab", kind=kind, points=1, covers=[], name=name)


LAB = Assignment(
    slug="vae",
    title="VAE",
    questions={
        "kl": question("kl"),
        "elbo": question("elbo"),
        "seen": question("seen", "experiment"),
    },
)


def filled() -> NotebookNode:
    """A student's notebook with everything answered."""
    notebook = copy.deepcopy(RELEASE)
    for student in notebook.cells:
        if student.id in ("kl", "elbo", "build_vae"):
            student.source = ANSWER.format(student.id)
        if student.id == "seen":
            student.source = "<!-- question: seen -->\nDigits."
    return notebook


def at(notebook: NotebookNode, name: str) -> int:
    return next(index for index, student in enumerate(notebook.cells) if student.get("id") == name)


def aligned(notebook: Any) -> AlignedNotebook:
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    result = align(data, RELEASE, LAB, "lab")
    assert [one.name for one in result.cells if one.kind != "own"] == NAMES
    assert [one.kind for one in result.cells if one.kind != "own"] == KINDS
    assert all(
        one.source == one.release.source
        for one in result.cells
        if one.release and one.kind in ("course", "check", "train")
    )
    nbformat.validate(shown_of(result))
    return result


def shown_of(result: AlignedNotebook) -> NotebookNode:
    return nbformat.from_dict(result.to_notebook())


def answer(result: AlignedNotebook, name: str) -> AlignedCell:
    return next(one for one in result.cells if one.name == name)


def has_note(result: AlignedNotebook, *words: str) -> bool:
    return any(all(word in note for word in words) for note in result.notes)


def stripped(notebook: NotebookNode, *, ids: bool = True) -> NotebookNode:
    for student in notebook.cells:
        student.metadata = NotebookNode()
        if ids:
            student.pop("id", None)
    return notebook


# ---- where answers are found


def test_a_complete_notebook() -> None:
    result = aligned(filled())
    assert result.problem is None and result.notes == [] and result.name == "lab"
    for name in ("kl", "elbo", "build_vae"):
        assert answer(result, name).source == ANSWER.format(name)
    assert {
        (one.found, one.blank) for one in result.cells if one.kind in ("answer", "analysis")
    } == {("grade_id", False)}
    assert [one.name for one in result.cells] == NAMES


def test_the_release_itself_is_blank() -> None:
    result = aligned(RELEASE)
    assert [(one.name, one.blank) for one in result.cells if one.blank] == [
        (name, True) for name in ("kl", "elbo", "build_vae", "seen")
    ]


def test_stripped_metadata_is_found_by_marker() -> None:
    result = aligned(stripped(filled()))
    assert {one.found for one in result.cells if one.kind in ("answer", "analysis")} == {"marker"}
    assert not [one for one in result.cells if one.kind == "own"], (
        "locked cells are known by their source"
    )
    assert has_note(result, "lost metadata", "comment", "kl", "seen")


def test_without_metadata_and_marker() -> None:
    notebook = stripped(filled())
    for student in notebook.cells:
        student.source = student.source.replace("# question: kl\n", "").replace(
            "<!-- question: seen -->\n", ""
        )
    result = aligned(notebook)
    assert (
        answer(result, "kl").found == "name"
        and answer(result, "kl").source == ANSWER.format("kl").split("\n", 1)[1]
    )
    assert answer(result, "seen").found == "place" and answer(result, "seen").source == "Digits."
    assert answer(result, "elbo").found == "marker"
    assert not [one for one in result.cells if one.kind == "own"]


def test_cell_ids_outlive_metadata() -> None:
    notebook = stripped(filled(), ids=False)
    notebook.cells[at(notebook, "seen")].source = "Digits."
    notebook.cells[at(notebook, "lab_002")].source = "import numpy"
    result = aligned(notebook)
    assert answer(result, "seen").found == "cell_id" and not answer(result, "seen").blank
    assert has_note(result, "Locked cells were changed", "lab_002")


@pytest.mark.parametrize(
    "source",
    [
        "kl = lambda x: 2 * x",
        "class kl:\n    pass",
        "%matplotlib inline\ndef kl(x): return 2 * x",
        "def kl(x):\n  return (",
        "async def kl(x): ...",
    ],
)
def test_the_name_in_other_clothes(source: str) -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")] = v4.new_code_cell(source)
    assert (answer(aligned(notebook), "kl").found, answer(aligned(notebook), "kl").source) == (
        "name",
        source,
    )


def test_a_name_inside_of_a_function_or_text_is_none() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")] = v4.new_code_cell(
        'def other():\n    def kl(x): ...\ntext = """\ndef kl(x): ...\n"""'
    )
    result = aligned(notebook)
    assert (
        answer(result, "kl").found,
        answer(result, "kl").blank,
        answer(result, "kl").source,
    ) == ("missing", True, "")
    assert [one.kind for one in result.cells].count("own") == 1


def test_a_missing_cell_costs_only_itself() -> None:
    notebook = filled()
    del notebook.cells[at(notebook, "kl")]
    result = aligned(notebook)
    assert (answer(result, "kl").found, answer(result, "kl").blank) == ("missing", True)
    assert (
        answer(result, "elbo").source == ANSWER.format("elbo") and not answer(result, "elbo").blank
    )


def test_a_renamed_grade_id() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")].metadata.nbgrader.grade_id = "kl2"
    assert answer(aligned(notebook), "kl").found == "marker"


def test_merged_cells() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")].source += "\n\n" + ANSWER.format("elbo")
    del notebook.cells[at(notebook, "elbo")]
    result = aligned(notebook)
    assert (
        answer(result, "elbo").found == "name"
        and answer(result, "elbo").source == ""
        and not answer(result, "elbo").blank
    )
    assert has_note(result, "elbo is answered in the cell of kl")


@pytest.mark.parametrize("kind", [v4.new_markdown_cell, v4.new_raw_cell])
def test_a_cell_turned_into_text(kind: Any) -> None:
    notebook = filled()
    old = notebook.cells[at(notebook, "kl")]
    notebook.cells[at(notebook, "kl")] = kind(old.source, id="kl", metadata=old.metadata)
    result = aligned(notebook)
    assert answer(result, "kl").cell_type == "code" and answer(
        result, "kl"
    ).source == ANSWER.format("kl")
    assert has_note(result, "kl was turned into")


# ---- duplicates


def duplicated(first: str, second: str) -> AlignedNotebook:
    notebook = filled()
    index = at(notebook, "kl")
    twin = copy.deepcopy(notebook.cells[index])
    notebook.cells[index].source, twin.source = first, second
    notebook.cells.insert(index + 1, twin)
    return aligned(notebook)


def test_the_last_that_is_filled_in_counts() -> None:
    one, two, stub = ANSWER.format("kl"), ANSWER.format("kl") + " + 0", STUB.format("kl")
    for first, second, counts in [
        (one, two, two),
        (one, stub, one),
        (stub, one, one),
        (stub, stub, stub),
    ]:
        result = duplicated(first, second)
        assert answer(result, "kl").source == counts and answer(result, "kl").blank == (
            counts == stub
        )
        assert has_note(result, "2 cells for kl") and not [
            cell for cell in result.cells if cell.kind == "own"
        ]


def test_of_a_split_cell_the_part_that_defines_the_name() -> None:
    assert answer(duplicated(ANSWER.format("kl"), "print(kl(3))"), "kl").source == ANSWER.format(
        "kl"
    )


def test_a_filled_cell_by_marker_beats_a_blank_one_by_grade_id() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")].source = STUB.format("kl")
    notebook.cells.append(v4.new_code_cell(ANSWER.format("kl")))
    result = aligned(notebook)
    assert (answer(result, "kl").found, answer(result, "kl").blank) == ("marker", False)


def test_copies_of_locked_cells_do_not_run_twice() -> None:
    notebook = filled()
    train = notebook.cells[at(notebook, "lab_003")]
    notebook.cells += [copy.deepcopy(train), v4.new_code_cell(train.source)]
    result = aligned(notebook)
    assert [one.name for one in result.cells] == NAMES and has_note(result, "1 copies")


# ---- locked and own cells


def test_tampered_locked_cells_come_from_the_course() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "test_kl")].source = "pass"
    notebook.cells[at(notebook, "test_kl")].metadata.nbgrader.points = 1000
    notebook.cells[at(notebook, "lab_003")].metadata.tags = []
    result = aligned(notebook)
    assert has_note(result, "Locked cells were changed", "test_kl")
    shown = shown_of(result).cells[at(RELEASE, "test_kl")]
    assert (shown.source, shown.metadata) == (
        RELEASE.cells[at(RELEASE, "test_kl")].source,
        RELEASE.cells[at(RELEASE, "test_kl")].metadata,
    )


def test_a_changed_locked_cell_without_metadata_is_known_by_its_lines() -> None:
    notebook = stripped(filled())
    train = next(student for student in notebook.cells if student.source.startswith("n_iters"))
    train.source = train.source.replace("3000", "9")
    result = aligned(notebook)
    assert not [one for one in result.cells if one.kind == "own"] and has_note(
        result, "Locked cells were changed", "lab_003"
    )


def test_deleted_locked_cells_come_back() -> None:
    notebook = filled()
    del notebook.cells[0:2]
    assert has_note(aligned(notebook), "Locked cells were missing", "lab_001", "lab_002")


def test_own_cells_keep_their_place() -> None:
    notebook = filled()
    own = [v4.new_code_cell(f"mine = {number}") for number in range(4)]
    notebook.cells = [own[0], *notebook.cells[:3], own[1], own[2], *notebook.cells[3:], own[3]]
    notebook.cells.insert(1, v4.new_code_cell("  \n"))
    order = [one.source if one.kind == "own" else one.name for one in aligned(notebook).cells]
    assert order == ["mine = 0", *NAMES[:3], "mine = 1", "mine = 2", *NAMES[3:], "mine = 3"]


def test_reordered_cells_come_back_in_the_courses_order() -> None:
    notebook = filled()
    notebook.cells.reverse()
    notebook.cells.insert(at(notebook, "elbo") + 1, v4.new_code_cell("after_elbo = 1"))
    order = [one.name for one in aligned(notebook).cells]
    assert order[: at(RELEASE, "elbo") + 2] == [*NAMES[: at(RELEASE, "elbo") + 1], "own-1"]


def test_an_own_cell_may_answer_in_place_of_the_untouched_stub() -> None:
    notebook = filled()
    index = at(notebook, "kl")
    notebook.cells[index].source = STUB.format("kl")
    notebook.cells.insert(index + 1, v4.new_code_cell("def kl(x):\n    return x + x"))
    result = aligned(notebook)
    kl = answer(result, "kl")
    assert (kl.found, kl.blank, kl.source) == ("grade_id", False, STUB.format("kl")) and has_note(
        result, "kl is answered in an added cell"
    )
    notebook.cells[index + 1].source = "def kl(x):\n    raise NotImplementedError"
    assert answer(aligned(notebook), "kl").blank


def test_ten_thousand_cells() -> None:
    notebook = filled()
    notebook.cells += [
        NotebookNode(cell_type="code", source=f"x{number} = {number}", metadata={})
        for number in range(10_000)
    ]
    data = json.dumps(notebook).encode()
    started = time.process_time()
    result = align(data, RELEASE, LAB, "lab")
    assert [one.kind for one in result.cells].count("own") == MAX_OWN_CELLS and has_note(
        result, "10000 added cells"
    )
    assert not answer(result, "seen").blank and time.process_time() - started < 5


# ---- blankness


@pytest.mark.parametrize(
    "source",
    [
        STUB.format("f") + "  \n\n",
        "",
        "# question: f\n# nothing yet",
        "def f(x):\n    raise NotImplementedError",
        "def f(x, y=3):\n    '''another text'''\n    raise NotImplementedError('soon')",
        "def f(x): pass",
        "def f(x): ...",
        "import torch\n" + STUB.format("f"),
        "pass",
    ],
)
def test_blank_code(source: str) -> None:
    assert is_blank_code(source, STUB.format("f"))


@pytest.mark.parametrize(
    "source",
    [
        ANSWER.format("f"),
        "def f(x):\n    y = x\n    raise NotImplementedError",
        "def f(x): return None",
        "f = lambda x: x",
        STUB.format("f") + "\nf = lambda x: 2 * x",
        STUB.format("f") + "\ndef g(x): return 1",
        "def f(x:\n",
        "for",
        "(" * 1000,
        "-" * 60_000 + "1",
        "x" + ".a" * 30_000,
        "x = 1\0",
    ],
)
def test_code_that_is_not_blank(source: str) -> None:
    assert not is_blank_code(source, STUB.format("f"))


def test_blank_classes_and_given_lines() -> None:
    released = (
        "import torch\nclass Net:\n    def __init__(self):\n        self.n = 3\n        "
        "raise NotImplementedError\n"
    )
    released += "    def forward(self, x): raise NotImplementedError"
    assert is_blank_code(released.replace("class Net:", "class Net:\n    'Mine.'"), released)
    assert not is_blank_code(released.replace("class Net:", "class Net:\n    width = 3"), released)
    assert not is_blank_code(released.replace("class Net:", "class Net(Base):"), released)
    assert not is_blank_code("class Config:\n    width = 3\n", released)
    assert not is_blank_code(
        released.replace("(self, x): raise NotImplementedError", "(self, x): return x"), released
    )
    assert not is_blank_code(
        released.replace("        raise NotImplementedError\n", "        self.w = 2\n"), released
    )
    module = "# question: b\nbeta = 1\nraise NotImplementedError"
    assert is_blank_code("beta = 1 # still\nraise NotImplementedError", module)
    assert not is_blank_code("beta = 2\nraise NotImplementedError", module) and not is_blank_code(
        "beta = 1", module
    )


@pytest.mark.parametrize(
    "source",
    [
        TEXT.format("q"),
        "",
        " \n",
        "<!-- question: q -->",
        "YOUR ANSWER HERE\n",
        "<!-- question: q -->\r\n\nYOUR ANSWER HERE",
    ],
)
def test_blank_text(source: str) -> None:
    assert is_blank_text(source, TEXT.format("q")) and not is_blank_text(
        source, TEXT.format("q"), has_attachments=True
    )


@pytest.mark.parametrize(
    "source",
    ["No.", TEXT.format("q") + "\nIt is 3.", "<!-- question: q -->\n-", "![](attachment:a.png)"],
)
def test_text_that_is_not_blank(source: str) -> None:
    assert not is_blank_text(source, TEXT.format("q"))


def test_names_of_lines_that_do_not_parse() -> None:
    assert defined_names("def a(): (\nclass B:\nc = 3\nd == 4\n  e = 5\nf: int = 6") == (
        {"a", "B"},
        {"c", "f"},
    )
    assert defined_names("def a(): ...\nb = c = 1\nd: int = 2\ne: int") == ({"a"}, {"b", "c", "d"})


# ---- files that are no notebooks


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "was not handed in"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"hello", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"cells": [', "not JSON"),
        (b'{"cells": ' + b"9" * 10_000 + b"}", "no cells"),
        (b"[]", "not a notebook"),
        (b"3", "not a notebook"),
        (b'"cells"', "not a notebook"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": null, "worksheets": 3}', "no cells"),
        (b'{"cells":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
        (b'{"cells": [' + b"[]," * 1_100_000 + b"[]]}", "too complicated"),
    ],
)
def test_a_problem_is_a_sentence(data: bytes | None, says: str) -> None:
    result = align(data, RELEASE, LAB, "lab")
    assert (
        result.problem
        and result.problem.startswith("lab.ipynb ")
        and result.problem.endswith(".")
        and says in result.problem
    )
    assert [one.name for one in result.cells] == NAMES
    assert {
        (one.found, one.blank, one.source)
        for one in result.cells
        if one.kind in ("answer", "analysis")
    } == {("missing", True, "")}
    assert result.to_notebook() == RELEASE


@pytest.mark.parametrize("minor", [0, 2, 4, 5, 6, 99, -1, "x", None])
def test_any_minor_version(minor: Any) -> None:
    notebook = filled() | {"nbformat_minor": minor}
    assert answer(aligned(notebook), "kl").source == ANSWER.format("kl")


@pytest.mark.parametrize("version", [5, 10**30, "four", None, [4]])
def test_any_version_with_cells_is_read(version: Any) -> None:
    result = aligned(filled() | {"nbformat": version})
    assert answer(result, "kl").source == ANSWER.format("kl") and has_note(result, "format")


def test_nbformat_3() -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "heading", "level": 1, "source": ["The lab"], "metadata": {}}
    ]
    cells += [
        {"cell_type": "code", "input": line, "outputs": [], "metadata": {}}
        for line in (ANSWER.format("kl"), "y = 2")
    ]
    cells += [
        {"cell_type": "markdown", "source": "<!-- question: seen -->\nDigits.", "metadata": {}}
    ]
    result = aligned(
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {},
            "worksheets": [{"cells": cells}, 3, {"cells": None}],
        }
    )
    assert (
        answer(result, "kl").found == "marker"
        and not answer(result, "seen").blank
        and has_note(result, "3 instead of 4")
    )


def test_nan_and_a_byte_order_mark() -> None:
    notebook = filled()
    notebook.metadata["loss"] = float("nan")
    text = json.dumps(notebook)
    assert "NaN" in text
    assert answer(aligned(b"\xef\xbb\xbf" + text.encode()), "kl").source == ANSWER.format("kl")


BROKEN_CELLS: list[Any] = [
    3,
    None,
    [],
    "cell",
    {},
    {"cell_type": "code"},
    {"cell_type": ["code"], "source": "x"},
    {"cell_type": "code", "source": 3},
    {"cell_type": "code", "source": ["a", 3]},
    {"cell_type": "code", "source": {"a": 1}},
    {"cell_type": "widget", "source": "x"},
    {"cell_type": "code", "source": "#" * 300_000},
    {"cell_type": "markdown", "source": "a" * 5_000_000},
]


@pytest.mark.parametrize("broken", BROKEN_CELLS, ids=range(len(BROKEN_CELLS)))
def test_a_broken_cell_costs_only_itself(broken: Any) -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")] = broken
    result = aligned(notebook)
    assert answer(result, "kl").found == "missing" and has_note(result, "Cell 3 was left out")
    assert not answer(result, "elbo").blank and not answer(result, "seen").blank


BROKEN_PARTS: list[dict[str, Any]] = [
    {"metadata": 3},
    {"metadata": None},
    {"metadata": {"nbgrader": []}},
    {"metadata": {"nbgrader": {"grade_id": ["kl"]}}},
    {"metadata": {"nbgrader": {"grade_id": "../../kl"}}},
    {"metadata": {"nbgrader": {"grade_id": "kl", "schema_version": 99}}},
    {
        "metadata": {
            "nbgrader": {
                "grade_id": "kl",
                "schema_version": "x",
                "locked": [],
                "points": float("inf"),
            }
        }
    },
    {"metadata": {"colab": {"a": [1]}, "id": 3}, "id": 3},
    {"id": "x" * 1000},
    {"id": "elbo"},
    {"outputs": 3},
    {
        "outputs": [
            3,
            None,
            {},
            {"output_type": 3},
            {"output_type": "stream"},
            {"output_type": "display_data", "data": 3},
        ]
    },
    {"execution_count": "many"},
    {"attachments": 3},
    {"source": ANSWER.format("kl").splitlines(keepends=True)},
    {"source": ANSWER.format("kl").replace("\n", "\r\n")},
    {"extra": {"deep": [[[[]]]]}},
]


@pytest.mark.parametrize("broken", BROKEN_PARTS, ids=range(len(BROKEN_PARTS)))
def test_broken_parts_of_a_cell_do_not_matter(broken: dict[str, Any]) -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")].update(broken)
    result = aligned(notebook)
    assert answer(result, "kl").source == ANSWER.format("kl") and not answer(result, "kl").blank
    assert not answer(result, "elbo").blank


def test_lone_surrogates_can_be_written() -> None:
    notebook = filled()
    notebook.cells[at(notebook, "kl")].source += "  # \ud800"
    notebook.cells[at(notebook, "seen")].source += "\udfff"
    result = aligned(notebook)
    assert all(one.source.encode() for one in result.cells)
    assert nbformat.writes(shown_of(result)).encode()


def test_too_much_code_is_left_out() -> None:
    notebook = filled()
    notebook.cells += [v4.new_code_cell("x = 1\n" * 40_000) for _ in range(6)]
    assert has_note(aligned(notebook), "more than", "of code")


@pytest.mark.parametrize(
    "line",
    [
        "x = [" + "1," * 14_000 + "]\n",
        "a" + "+a" * 14_000 + "\n",
        "if a: pass\n" + "elif a: pass\n" * 2000,
        "f(" * 190 + ")" * 190 + "\n",
    ],
)
def test_code_that_is_hard_to_parse(line: str) -> None:
    """Every cell claims to be an answer, and each is as much code as may be: the time stays
    bounded.
    """
    notebook = filled()
    twin = copy.deepcopy(notebook.cells[at(notebook, "kl")])
    source = line * (30_000 // len(line))
    notebook.cells += [twin | {"source": f"{source}{number}"} for number in range(8)]
    data = json.dumps(notebook).encode()
    started = time.process_time()
    align(data, RELEASE, LAB, "lab")
    assert time.process_time() - started < 8


# ---- what people see


def shown(**changes: Any) -> NotebookNode:
    """The kl cell of the notebook that formgrader shows, after `changes` to the student's."""
    notebook = filled()
    notebook.cells[at(notebook, "kl")].update(changes)
    return shown_of(aligned(notebook)).cells[at(RELEASE, "kl")]


def test_to_notebook_has_the_courses_metadata_and_the_students_answers_and_outputs() -> None:
    notebook = filled()
    stream = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}
    for name in ("kl", "test_kl", "lab_003"):
        notebook.cells[at(notebook, name)].update(outputs=[stream], execution_count=7)
    notebook.cells.insert(
        1, v4.new_code_cell("mine = 1", outputs=[v4.new_output("stream", text="c")])
    )
    notebook.metadata = {"kernelspec": {"name": "evil", "display_name": "x"}}
    made = shown_of(aligned(notebook))
    assert made.metadata == RELEASE.metadata
    assert [one.metadata for one in made.cells if one.id != "own-1"] == [
        one.metadata for one in RELEASE.cells
    ]
    for name in ("kl", "test_kl", "lab_003"):
        one = made.cells[at(made, name)]
        assert (one.outputs[0].text, one.execution_count) == ("a\nb", 7)
    assert (
        made.cells[at(made, "kl")].source == ANSWER.format("kl")
        and made.cells[1].outputs[0].text == "c"
    )
    assert made.cells[at(made, "seen")].source == "Digits."
    assert made.cells[1].metadata == {}


def test_to_notebook_leaves_alignment_and_release_alone() -> None:
    before = copy.deepcopy(RELEASE)
    result = aligned(filled())
    assert result.to_notebook() == result.to_notebook() and before == RELEASE


def test_a_release_without_cell_ids() -> None:
    old = copy.deepcopy(RELEASE)
    old.nbformat_minor = 4
    for one in old.cells:
        del one["id"]
    notebook = filled()
    notebook.cells.append(v4.new_code_cell("mine = 1"))
    nbformat.validate(shown_of(align(json.dumps(notebook).encode(), old, LAB, "lab")))


@pytest.mark.parametrize(
    "mime",
    [
        "text/html",
        "application/javascript",
        "image/svg+xml",
        "text/latex",
        "text/markdown",
        "application/vnd.jupyter.widget-view+json",
    ],
)
def test_live_outputs_are_not_shown(mime: str) -> None:
    evil = {
        "output_type": "display_data",
        "metadata": {"isolated": True},
        "data": {mime: "<script>alert(1)</script>"},
    }
    assert "alert" not in json.dumps(shown(outputs=[evil]))
    evil["data"]["text/plain"] = "<Figure>"
    evil["data"]["image/png"] = [PNG[:10], PNG[10:]]
    assert shown(outputs=[evil]).outputs == [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/plain": "<Figure>", "image/png": PNG},
        }
    ]


@pytest.mark.parametrize(
    "image",
    [
        'x" onerror="alert(1)',
        "AAAA",
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        3,
        None,
        PNG + '"',
        PNG + "\u00e9",
    ],
)
def test_what_is_no_image_is_not_shown(image: Any) -> None:
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": image, "text/plain": "figure"},
    }
    said = "figure\n[a picture in PNG is not shown here: see the submitted notebook]"
    assert shown(outputs=[output]).outputs[0].data == {"text/plain": said}


def test_outputs_are_cut() -> None:
    flood = {"output_type": "stream", "name": "stdout", "text": "a" * 200_000}
    outputs = shown(outputs=[flood] * 150).outputs
    assert (
        len(outputs) == 100 and "51 more" in outputs[-1].text and len(outputs[0].text) == 64 * 1024
    )
    assert shown_outputs(outputs, None) == outputs, "what was cut is not cut again"
    error = {"output_type": "error", "ename": "E", "evalue": 3, "traceback": ["b" * 200_000, 3]}
    assert sum(map(len, shown(outputs=[error]).outputs[0].traceback)) < 70_000


def test_a_notebook_with_many_outputs_is_cut_as_a_whole() -> None:
    notebook = copy.deepcopy(RELEASE)
    printed = [v4.new_output("display_data", {"text/plain": "x"})] * 90
    notebook.cells += [v4.new_code_cell("pass", outputs=printed) for _ in range(100)]
    made = shown_of(aligned(notebook))
    n_outputs = [len(cell.get("outputs", [])) for cell in made.cells]
    assert 90 in n_outputs and MAX_ALL_OUTPUTS <= sum(n_outputs) <= MAX_ALL_OUTPUTS + 100
    assert made.cells[-1].outputs[0].text == "[90 more outputs are not shown]\n"


HOSTILE_TEXT = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<javascript :alert(1)>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x]\n\n[x]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](attachment:gone.png)",
    "![x](attachment\\:gone.png)",
    "![x][y]\n\n[y]: attachment:gone.png",
    '![x](attachment:here.png"")',
    "![x](attachment:here.png%20)",
    "![x](<attachment:here.png x>)",
    "![x](attachment:here.png)",
]


@pytest.mark.parametrize("text", HOSTILE_TEXT)
def test_text_answers_render_and_nothing_runs(text: str) -> None:
    from bs4 import BeautifulSoup
    from nbconvert import HTMLExporter

    notebook = filled()
    notebook.cells = [notebook.cells[at(notebook, "seen")], v4.new_markdown_cell(text)]
    notebook.cells[0].source = f"Before. {text}"
    for student in notebook.cells:
        student.attachments = {
            "here.png": {"image/png": PNG},
            "evil.png": {"image/png": '"><script>'},
            "ü.png": 3,
        }
    made = shown_of(aligned(notebook))
    made.cells = [one for one in made.cells if one.id in ("seen", "own-1")]
    page = BeautifulSoup(
        HTMLExporter(template_name="basic").from_notebook_node(made)[0], "html.parser"
    )
    assert not page.find("script") and "Before." in page.text
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        for url in (tag.get("href", ""), tag.get("src", "")):
            scheme, _, rest = (
                re.sub(r"[\x00-\x20]", "", url).lower().partition(":")
            )  # as browsers read it
            assert scheme not in ("javascript", "vbscript") and not (
                scheme == "data" and rest.startswith("text")
            )
    if text == HOSTILE_TEXT[-1]:
        assert page.find("img")["src"] == f"data:image/png;base64,{PNG}"


# ---- fuzz

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["cell_type", "source", "metadata", "outputs", "id", "attachments", "execution_count", "input"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(NAMES) - 1), KEYS, json_values), max_size=8),
    st.permutations(range(len(NAMES))),
)
def test_any_value_anywhere(changes: list[tuple[int, str, Any]], order: list[int]) -> None:
    notebook = filled()
    touched = {NAMES[index] for index, _, _ in changes}
    for index, key, value in changes:
        notebook.cells[index][key] = value
    notebook.cells = [notebook.cells[index] for index in order]
    result = aligned(notebook)
    for name in {"kl", "elbo", "build_vae", "seen"} - touched:
        if not any(isinstance(value, dict) for _, _, value in changes):
            assert not answer(result, name).blank, "what was left alone is still there"


@settings(max_examples=100, deadline=None)
@given(json_values | st.lists(json_values).map(lambda cells: {"nbformat": 4, "cells": cells}))
def test_any_json(value: Any) -> None:
    aligned(value)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 5000), st.integers(0, 5000))
def test_any_bytes(noise: bytes, begin: int, end: int) -> None:
    data = json.dumps(filled()).encode()
    aligned(data[:begin] + noise + data[end:])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["code", "markdown"]))
def test_any_source(text: str, kind: str) -> None:
    notebook = filled()
    notebook.cells.insert(2, NotebookNode(cell_type=kind, source=text, metadata={}))
    notebook.cells[at(notebook, "kl")].source = text
    aligned(notebook)
