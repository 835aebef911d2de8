"""Rows: the notebook."""

from __future__ import annotations

import copy
import json

from tests.handins.row import RIGHT, Kit, Who, row

GROUP = "the notebook"


def _cell(kind: str, source, **more):
    cell = {"cell_type": kind, "metadata": {}, "source": source} | more
    if kind == "code":
        cell = {"outputs": [], "execution_count": None} | cell
    return cell


def _after(notebook, cell, *new):
    place = [id(one) for one in notebook["cells"]].index(id(cell)) + 1
    notebook["cells"][place:place] = list(new)


def _question(seen, who: Who, name: str):
    (found,) = [one for one in seen.report(who).questions if one.name == name]
    return found


@row(GROUP, "`source` is a list whose lines have no `\\n`", "CoursIA 5028")
def lines_without_ends(kit: Kit):
    """Joined with line ends, with a note."""
    who, lab = kit.who(), kit.notebook()
    for cell in lab["cells"]:
        cell["source"] = "".join(cell["source"]).split("\n")
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "line")


@row(GROUP, "`source` is one string with literal `\\n`", "CoursIA 12104")
def literal_ends(kit: Kit):
    """Read as line ends, with a note; never "blank"."""
    who, lab = kit.who(), kit.notebook()
    for cell in lab["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = "".join(cell["source"]).replace("\n", "\\n")
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "line")


@row(GROUP, "a marker line with code behind it", "CoursIA 5028")
def marker_with_code(kit: Kit):
    """Never "blank"."""
    who, lab = kit.who(), kit.notebook()
    cell = kit.cell(lab, "double")
    cell["source"] = "# question: double  def double(number): return 2 * number"
    kit.lab(who, lab)
    seen = yield
    assert not _question(seen, who, "double").blank


@row(GROUP, "one output of 16 MB", "PrairieLearn 3015")
def large_output(kit: Kit):
    """Dropped with a note; the code is graded."""
    who, lab = kit.who(), kit.notebook()
    text = "".join(f"{n:07} {n * 7919 % 99991:05}\n" for n in range(1_300_000))
    kit.cell(lab, "double")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "output")


@row(GROUP, "outputs of 28 MB", "issue 18")
def outputs_over_the_cap(kit: Kit):
    """Dropped with a note; lab and theory are graded."""
    who, lab = kit.who(), kit.notebook()
    text = "".join(f"{n:07} {n * 7919 % 99991:05}\n" for n in range(2_100_000))
    kit.cell(lab, "double")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "output")


@row(GROUP, "thousands of outputs", "nbgrader 138")
def many_outputs(kit: Kit):
    """Graded."""
    who, lab = kit.who(), kit.notebook()
    one = {"output_type": "stream", "name": "stdout", "text": "x"}
    kit.cell(lab, "double")["outputs"] = [one] * 20_000
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)


@row(GROUP, "a written answer in a new cell below the untouched one", "nbgrader 993")
def answer_below(kit: Kit):
    """It belongs to the answer: not blank, shown together."""
    who, lab = kit.who(), kit.notebook()
    untouched = kit.notebook("lab", {})
    cell = kit.cell(lab, "growth_study")
    cell["source"] = kit.cell(untouched, "growth_study")["source"]
    _after(lab, cell, _cell("markdown", "It grows by a constant."))
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    question = _question(seen, who, "growth_study")
    assert not question.blank and question.outcome == "manual"
    seen.has_note(who, "growth_study", "below")


@row(GROUP, "one answer split over several cells (Deepnote)", "resonance 109")
def answer_split(kit: Kit):
    """Shown together to the person who marks, in one cell."""
    who, lab = kit.who(), kit.notebook()
    cell = kit.cell(lab, "growth_study")
    _after(lab, cell, _cell("markdown", "And this is the second part."))
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    folder = seen.out / "results" / kit.slug / seen.of(who).folder
    shown = json.loads((folder / "lab.ipynb").read_text())
    (cell,) = [
        one
        for one in shown["cells"]
        if one["metadata"].get("nbgrader", {}).get("grade_id") == "growth_study"
    ]
    assert "second part" in "".join(cell["source"])


@row(GROUP, "an older, wrong copy of an answered cell (equal ids)", "nbgrader 1083, cocalc 6687")
def copied_cell(kit: Kit):
    """A note names both; the execution count breaks the tie."""
    who, lab = kit.who(), kit.notebook()
    cell = kit.cell(lab, "double")
    old = copy.deepcopy(cell)
    cell["execution_count"], old["execution_count"] = 9, 3
    old["source"] = "# question: double\ndef double(number):\n    return number"
    _after(lab, cell, old)
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "double", "9", "3")


@row(
    GROUP,
    "widget state without `state`, odd kernelspec, `outputs: null`",
    "nbconvert 1731, Cirq 5874",
)
def odd_metadata(kit: Kit):
    """Graded, and shown."""
    who, lab = kit.who(), kit.notebook()
    lab["metadata"] = {"widgets": {"application/x": {}}, "kernelspec": {"name": 7}}
    for cell in lab["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = None
    kit.lab(who, lab)
    seen = yield
    assert seen.graded(who).notebooks.keys() == {"lab", "theory"}


@row(GROUP, "nbformat minor 9", "colabtools 4559")
def minor_9(kit: Kit):
    """Graded, and shown."""
    who, lab = kit.who(), kit.notebook()
    lab["nbformat_minor"] = 9
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)


@row(GROUP, "nbformat 3", "otter 340")
def major_3(kit: Kit):
    """Graded, with a note."""
    who, lab = kit.who(), kit.notebook()
    cells = []
    for cell in lab["cells"]:
        cell = {key: one for key, one in cell.items() if key != "id"}
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = cell.pop("execution_count")
        cells.append(cell)
    kit.lab(
        who, {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    )
    seen = yield
    seen.graded(who)
    seen.has_note(who, "format")


@row(GROUP, "no ids; equal ids", "colabtools 4559")
def equal_ids(kit: Kit):
    """Graded."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    none, equal = kit.notebook(), kit.notebook()
    for one, other in zip(none["cells"], equal["cells"], strict=True):
        del one["id"]
        other["id"] = "same"
    kit.lab(ada, none)
    kit.lab(ben, equal)
    seen = yield
    seen.graded(ada)
    seen.graded(ben)


@row(GROUP, "a notebook with a BOM", "markitdown 2425")
def notebook_bom(kit: Kit):
    """Read by the collector and by the grader alike."""
    who = kit.who()
    kit.lab(who, b"\xef\xbb\xbf" + kit.files()["lab.ipynb"])
    seen = yield
    seen.graded(who)


@row(GROUP, "a notebook in UTF-16", "nbdime 506")
def notebook_utf16(kit: Kit):
    """Read by the collector and by the grader alike."""
    who = kit.who()
    kit.lab(who, kit.files()["lab.ipynb"].decode().encode("utf-16"))
    seen = yield
    seen.graded(who)


@row(GROUP, "one notebook of two: 0 bytes", "datahub 4477")
def damaged_empty(kit: Kit):
    """The other one is graded; this one waits, with a sentence."""
    who = kit.who()
    kit.lab(who, b"")
    seen = yield
    seen.waits("lab.ipynb", "empty")
    assert _question(seen, who, "why_even").blank is False


@row(GROUP, "one notebook of two: cut in half", "datahub 4477")
def damaged_half(kit: Kit):
    """The other one is graded; this one waits, with a sentence."""
    who = kit.who()
    data = kit.files()["lab.ipynb"]
    kit.lab(who, data[: len(data) // 2])
    seen = yield
    seen.waits("lab.ipynb")
    assert _question(seen, who, "double").outcome == "ungraded"
    assert _question(seen, who, "why_even").blank is False


@row(GROUP, "one notebook of two: marks of a merge conflict", "datahub 4477")
def damaged_merge(kit: Kit):
    """The other one is graded; this one waits, and the sentence says why."""
    who = kit.who()
    data = kit.files()["lab.ipynb"].replace(b'{\n "cells"', b'{\n<<<<<<< HEAD\n "cells"', 1)
    assert b"<<<<<<<" in data
    kit.lab(who, data)
    seen = yield
    seen.waits("lab.ipynb", "merge")


# Colab, VS Code, Kaggle, Deepnote


def _double(kit: Kit, source: str) -> Who:
    who, lab = kit.who(), kit.notebook()
    kit.cell(lab, "double")["source"] = source
    kit.lab(who, lab)
    return who


CODE = "def double(number):\n    return 2 * number"


@row(GROUP, "`drive.mount(...)`, `!pip install`, `#@title`", "otter 754, 756")
def colab(kit: Kit):
    """Graded as the student meant it."""
    who, lab = kit.who(), kit.notebook()
    first = "from google.colab import drive\ndrive.mount('/content/drive')"
    lab["cells"].insert(0, _cell("code", first))
    lab["cells"].insert(0, _cell("code", "!pip install einops\n%matplotlib inline"))
    kit.cell(lab, "double")["source"] = (
        f"#@title Double\n!pip install torch\n# question: double\n{CODE}"
    )
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)


@row(GROUP, "`drive.mount(...)` in the answer's own cell", "otter 604")
def colab_in_answer(kit: Kit):
    """Graded as the student meant it."""
    mount = "from google.colab import drive\ndrive.mount('/content/drive')"
    who = _double(kit, f"# question: double\n{mount}\n{CODE}")
    seen = yield
    seen.graded(who)


@row(GROUP, "`%%time` above the marker", "otter 756")
def cell_magic(kit: Kit):
    """Graded."""
    who = _double(kit, f"%%time\n# question: double\n{CODE}")
    seen = yield
    seen.graded(who)


@row(GROUP, '`if __name__ == "__main__":`', "data-x 17")
def main_guard(kit: Kit):
    """Graded."""
    who = _double(
        kit,
        f'# question: double\nif __name__ == "__main__":\n    pass\n{CODE}\nif __name__ == "__main__":\n    print(double(2))',
    )
    seen = yield
    seen.graded(who)


@row(GROUP, 'a definition below `if __name__ == "__main__":`', "data-x 17")
def main_guard_definition(kit: Kit):
    """Graded as in the student's kernel, where it was defined."""
    who = _double(
        kit,
        '# question: double\nif __name__ == "__main__":\n    def double(number):\n        return 2 * number',
    )
    seen = yield
    seen.graded(who)


@row(GROUP, "no-break blanks as indentation", "otter 604")
def no_break_blanks(kit: Kit):
    """Graded, with a note."""
    who = _double(
        kit,
        "# question: double\ndef double(number):\n\u00a0\u00a0\u00a0\u00a0return\u00a02 * number",
    )
    seen = yield
    seen.graded(who)
    seen.has_note(who, "blank")


@row(GROUP, "the `raise` left above the answer", "otter 604")
def raise_left(kit: Kit):
    """Graded as the student meant it, as far as Python allows: not blank, and the note says so."""
    who = _double(
        kit,
        "# question: double\ndef double(number):\n    raise NotImplementedError\n    return 2 * number",
    )
    seen = yield
    assert not _question(seen, who, "double").blank
    seen.graded(who)
    seen.has_note(who, "double", "raise NotImplementedError")


@row(GROUP, "the `raise` left below the answer", "otter 604")
def raise_below(kit: Kit):
    """Graded."""
    who = _double(
        kit,
        "# question: double\ndef double(number):\n    return 2 * number\n    raise NotImplementedError",
    )
    seen = yield
    seen.graded(who)


@row(GROUP, "the `raise` left in a cell below the definition", "otter 604")
def raise_at_top(kit: Kit):
    """Graded."""
    who = _double(kit, f"# question: double\nraise NotImplementedError\n{CODE}")
    seen = yield
    seen.graded(who)


assert RIGHT
