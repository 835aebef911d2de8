"""Jupyter's "Run All" on an unfinished lab, and nbgrader's own runs of it, in real kernels."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from dgm import run_all
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, v4

FIRST = "from dgm.check import visible_checks"
STUB = "def build():\n    raise NotImplementedError()"
CHECK = """@visible_checks("build")
def _():
    assert build() == 1, "builds one"
"""
TRAIN = """
import math

model = build()
losses = [model]
def evaluate(): return model
"""


def run(*cells: str) -> list[str]:
    """What each cell printed, when Jupyter runs all. Raises CellExecutionError where it stops."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120).execute()
    return [
        "".join(each.get("text", "") for each in cell.outputs).strip() for cell in notebook.cells
    ]


def test_a_blank_lab_runs_to_its_end() -> None:
    said = run(
        FIRST,
        STUB,
        CHECK,
        TRAIN,
        "print(math.pi)\nprint(losses[0])",
        "after = evaluate()",
        "print(after)",
        "# YOUR CODE HERE\nraise NotImplementedError()",
        "made = {}\nfor key in ('a', 'b'): made[key] = build()",
        "other = {}\nprint(made['a'])",
        "print('the end')",
        "def build(): return 1",
        TRAIN + "print(evaluate())",
    )
    assert said[2] == "build: not answered yet (build is still to be written)"
    waits = "build, which is still to be written"
    assert said[3] == f"not run: this cell waits for {waits}"
    assert said[4].endswith(f"not run: this cell waits for losses: a cell above waits for {waits}")
    assert said[5] == f"not run: this cell waits for evaluate: a cell above waits for {waits}"
    assert said[6] == f"not run: this cell waits for after: a cell above waits for {waits}"
    assert said[7] == "not run: this cell waits for its answer"
    assert said[9] == f"not run: this cell waits for made: a cell above waits for {waits}"
    assert said[10] == "the end"
    assert said[12] == "1"


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("unknown_name", "NameError"),
        ("{}['a']", "KeyError"),
        ("import torch\ntorch.nn.Module()(1)", "NotImplementedError"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_other_exceptions_stop_as_always(cell: str, error: str) -> None:
    with pytest.raises(CellExecutionError, match=error):
        run(FIRST, STUB, TRAIN, cell)


def lab(folder: Path, answer: str) -> Path:
    cells = [v4.new_code_cell(source) for source in (FIRST, answer, CHECK)]
    for cell, name in zip(cells, ("lab_1", "build", "test_build"), strict=True):
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": name,
            "grade": name == "test_build",
            "solution": name == "build",
            "locked": name != "build",
            "task": False,
        } | ({"points": 1} if name == "test_build" else {})
    notebook: NotebookNode = v4.new_notebook(cells=cells)
    file = folder / "lab.ipynb"
    file.write_text(nbformat.writes(notebook))
    return file


@pytest.mark.parametrize(("answer", "passes"), [(STUB, False), ("def build(): return 1", True)])
def test_nbgrader_validate_fails_a_blank_lab(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], answer: str, passes: bool
) -> None:
    from nbgrader.validator import Validator

    found = Validator().validate(str(lab(tmp_path, answer)))
    assert ("failed" in found) is not passes, found
    assert passes or "not answered yet" in str(found["failed"])


def test_names_that_a_cell_defines() -> None:
    source = "import a.b, c as d\nx, (y, *z) = 1, (2, 3)\nfor i in x: w = i\n"
    source += "def f(): q = 1\nclass G: r = 1"
    assert run_all._defined(source) == {"a", "d", "x", "y", "z", "i", "w", "f", "G"}
    assert run_all._defined("%time x = 1") == set()
