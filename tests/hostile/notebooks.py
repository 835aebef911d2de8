"""Notebooks that are broken or lie about themselves: formats, cells, nbgrader's metadata (sources
and outputs: contents.py).
"""

from __future__ import annotations

import base64
import json
from copy import deepcopy

from tests.hostile import contents
from tests.hostile.attack import HONEST, TARGET, Attack
from tests.hostile.editing import Json, cell_of, code, into, marks

ATTACKS: list[Attack] = [*contents.ATTACKS]
attack = into(ATTACKS)

RECONSTRUCTION, KL, REPARAMETERIZE = HONEST
MIB = 2**20

# ---- what is no notebook, or an odd one

_UNREADABLE = "blames the upload for what was never written"
for _name, _bytes in {
    "not_json": b"print('this was a script')",
    "empty": b"",
    "a_list": b"[]",
    "no_cells": b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "cells_is_text": b'{"cells": "all of them", "metadata": {}, "nbformat": 4, '
    b'"nbformat_minor": 5}',
    "deep": b'{"cells": ' + b"[" * 200_000,
    "deep_metadata": b'{"metadata": ' + b'{"a":' * 100_000,
    "million_lists": b'{"cells": [' + b"[]," * MIB + b"[]]}",
    "latin_1": '{"cells": [], "author": "Zo\u00eb"}'.encode("latin-1"),
}.items():
    attack(_name, _UNREADABLE, waits=True)(lambda lab, given=_bytes: given)  # type: ignore[misc]


@attack("cut_off", _UNREADABLE, waits=True)
def _(lab: Json) -> Json | str | bytes | None:
    return json.dumps(lab)[:-50]


@attack("huge", "fills the memory of the grading machine", waits=True)
def _(lab: Json) -> Json | str | bytes | None:
    block = base64.b64encode(bytes(range(256)) * 4).decode()
    lab["metadata"]["padding"] = [f"{number}{block}" for number in range(16_000)]
    return None


@attack("utf_16", "cannot be read by tools that believe in UTF-8")
def _(lab: Json) -> Json | str | bytes | None:
    return json.dumps(lab, ensure_ascii=False).encode("utf-16")


@attack("byte_order_mark", "cannot be read by strict tools")
def _(lab: Json) -> Json | str | bytes | None:
    return json.dumps(lab).encode("utf-8-sig")


@attack("nbformat_3", "crashes a reader of nbformat 4")
def _(lab: Json) -> Json | str | bytes | None:
    cells = [
        {**cell, "input": cell["source"], "language": "python"}
        if cell["cell_type"] == "code"
        else cell
        for cell in lab["cells"]
    ]
    for cell in cells:
        if "input" in cell:
            del cell["source"]
    return {
        "metadata": lab["metadata"],
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


@attack("nbformat_4_0", "has no cell ids")
def _(lab: Json) -> None:
    lab["nbformat_minor"] = 0
    for cell in lab["cells"]:
        del cell["id"]


@attack("nbformat_lies", "crashes a reader that compares versions")
def _(lab: Json) -> None:
    lab |= {"nbformat": "4; DROP TABLE grade", "nbformat_minor": -1}


@attack("numbers", "breaks arithmetic and strict JSON with NaN, infinities and -0")
def _(lab: Json) -> Json | str | bytes | None:
    lab["metadata"]["numbers"] = [float("nan"), float("inf"), float("-inf"), -0.0]
    lab["cells"][3]["execution_count"] = float("nan")
    cell_of(lab, TARGET)["execution_count"] = 10**300
    return json.dumps(lab).replace("Infinity", "1e999", 1)


@attack("number_of_5000_digits", "hits Python's limit on the digits of an integer")
def _(lab: Json) -> Json | str | bytes | None:
    lab["metadata"]["number"] = "@"
    return json.dumps(lab).replace('"@"', "9" * 5000)


@attack("duplicate_keys", "shows one reader the first list of cells, another the last")
def _(lab: Json) -> Json | str | bytes | None:
    return '{"cells": [], ' + json.dumps(lab)[1:]


@attack("duplicate_ids", "has two cells in one place")
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        cell["id"] = "same"


@attack("foreign_ids", "takes the places of the course's cells by their ids")
def _(lab: Json) -> None:
    ids = [cell["id"] for cell in lab["cells"]]
    for cell, other in zip(lab["cells"], reversed(ids), strict=True):
        cell["id"] = other


@attack("ten_thousand_cells", "keeps the grader busy for hours")
def _(lab: Json) -> None:
    lab["cells"] += [code(f"x{number} = {number}") for number in range(10_000)]


@attack(
    "outputs_in_every_cell", "keeps the grader's validators busy: fifty thousand outputs in 4 MB"
)
def _(lab: Json) -> None:
    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    lab["cells"] += [code("pass", outputs=[shown] * 100) for _ in range(500)]


@attack("strange_cells", "crashes a reader that expects cells")
def _(lab: Json) -> None:
    odd = [
        [],
        1,
        None,
        "code",
        {},
        {"cell_type": []},
        {"cell_type": "code"},
        {"cell_type": "sql", "source": "1"},
        code(5),
        code({"a": 1}),
    ]
    lab["cells"][2:2] = [
        *odd,
        code([1, 2]),
        code(None),
        code("x = 1", metadata=[], outputs={}, id=[]),
        code("y = 1", metadata="no"),
    ]


@attack("source_of_an_answer_is_a_number", "crashes a reader that expects text", spoilt=(KL,))
def _(lab: Json) -> None:
    cell_of(lab, KL)["source"] = 1e9


# ---- nbgrader's metadata

_MARKS: dict[str, Json] = {
    "schema_99": {"schema_version": 99},
    "schema_negative": {"schema_version": -1},
    "schema_text": {"schema_version": "3; import os"},
    "schema_list": {"schema_version": [3]},
    "points_raised": {"points": 10_000, "grade": True},
    "points_not_numbers": {"points": "NaN"},
    "all_solutions": {"solution": True, "grade": False, "locked": False},
    "all_tasks": {"task": True, "solution": False},
    "checksums": {"checksum": "0" * 32, "cell_type": "markdown"},
}
for _name, _mark in _MARKS.items():

    @attack(_name, "gets points, or an error, from what the metadata says", nbgrader=True)
    def _(lab: Json, mark: Json = _mark) -> None:
        for known in marks(lab):
            known |= mark


@attack("schema_missing", "gets an error from what the metadata lacks", nbgrader=True)
def _(lab: Json) -> None:
    for mark in marks(lab):
        del mark["schema_version"]


@attack("metadata_not_a_dict", "gets an error from what the metadata is", nbgrader=True)
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        cell["metadata"] = {
            "nbgrader": ["grade_id"],
            "tags": 5,
            "jupyter": {"outputs_hidden": [[]]},
        }


@attack("foreign_grade_ids", "is graded for questions that the course has not", nbgrader=True)
def _(lab: Json) -> None:
    for name in ("test_free_points", "../../etc/passwd", "a'; DROP TABLE grade; --", "__proto__"):
        mark = {
            "grade": True,
            "grade_id": name,
            "locked": False,
            "points": 100,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
        lab["cells"].append(code("pass", metadata={"nbgrader": mark}))


@attack("checks_emptied", "has no check left that could fail", nbgrader=True)
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        if str(cell["metadata"].get("nbgrader", {}).get("grade_id")).startswith("test_"):
            cell["source"] = "print('all checks pass')"


@attack("locked_changed", "patches torch in a cell that the course trusts", nbgrader=True)
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] += (
                "\nimport torch\ntorch.allclose = torch.equal = lambda *args, **kwargs: True\n"
            )


@attack("locked_deleted", "has no check left that could fail", nbgrader=True)
def _(lab: Json) -> None:
    lab["cells"] = [
        cell for cell in lab["cells"] if not cell["metadata"].get("nbgrader", {}).get("locked")
    ]


@attack("locked_doubled", "is paid twice for each check", nbgrader=True)
def _(lab: Json) -> None:
    lab["cells"] += deepcopy(
        [cell for cell in lab["cells"] if cell["metadata"].get("nbgrader", {}).get("locked")]
    )


@attack("check_turned_into_answer", "runs code in the place of the check", nbgrader=True)
def _(lab: Json) -> None:
    check = cell_of(lab, f"test_{TARGET}")
    check["metadata"]["nbgrader"] |= {"solution": True, "grade": True, "locked": False}
    check["source"] = "### BEGIN SOLUTION\nprint('5 of 5')\n### END SOLUTION"


@attack("answer_in_a_check_cell", "runs an answer after its check", spoilt=(KL,))
def _(lab: Json) -> None:
    answer, check = cell_of(lab, KL), cell_of(lab, f"test_{KL}")
    answer["source"], check["source"] = "", answer["source"]


@attack("answer_twice", "lets the grader choose the better one", spoilt=(KL,))
def _(lab: Json) -> None:
    second = deepcopy(cell_of(lab, KL))
    second["source"] = "def kl_divergence(mu, logvar):\n    return mu.sum()\n"
    lab["cells"].append(second)


@attack("answer_and_a_blank", "loses an answer to the copy of its empty cell", nbgrader=True)
def _(lab: Json) -> None:
    blank = deepcopy(cell_of(lab, KL))
    blank["source"] = f"# question: {KL}\n"
    lab["cells"].append(blank)


@attack("answer_5000_times", "has each copy compared with each other one")
def _(lab: Json) -> None:
    lab["cells"] += [deepcopy(cell_of(lab, TARGET)) for _ in range(5000)]


@attack("answers_swapped", "is paid for one answer in the place of another")
def _(lab: Json) -> None:
    left, right = cell_of(lab, KL), cell_of(lab, REPARAMETERIZE)
    left["source"], right["source"] = right["source"], left["source"]


@attack("one_answer_for_all", "is paid for one answer many times", nbgrader=True)
def _(lab: Json) -> None:
    answer = cell_of(lab, KL)["source"]
    for cell in lab["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution") and cell["cell_type"] == "code" and mark["grade_id"] not in HONEST:
            cell["source"] = answer


@attack("answer_as_markdown", "hides an answer from who looks for code")
def _(lab: Json) -> None:
    cell = cell_of(lab, KL)
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


@attack("answer_as_raw", "hides an answer from who looks for code")
def _(lab: Json) -> None:
    cell = cell_of(lab, RECONSTRUCTION)
    cell["cell_type"] = "raw"
    del cell["outputs"], cell["execution_count"]


@attack("order_reversed", "runs the checks before what they check")
def _(lab: Json) -> None:
    lab["cells"].reverse()


@attack("thousand_markers", "claims every question in one cell")
def _(lab: Json) -> None:
    names = [
        mark["grade_id"]
        for mark in marks(lab)
        if mark["solution"] and mark["grade_id"] not in HONEST
    ]
    lab["cells"].append(
        code("".join(f"# question: {name}\n" for name in names * 50) + "answer = 42\n")
    )
