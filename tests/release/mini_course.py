"""A course of one small assignment, written from scratch in a temporary folder, and ways to change
its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat

TOML = """
slug = "mini"
title = "A small assignment"
due = 2030-01-31T22:00:00Z
archive_name = "{name}_{slug}.zip"
artifacts = ["artifacts/*.safetensors"]

[questions.double]
title = "Twice a number"
notebook = "lab"
kind = "code"
points = 3
covers = ["arithmetic"]

[questions.cube]
title = "The third power"
notebook = "lab"
kind = "code"
points = 1.5
covers = ["arithmetic"]
bonus = true

[questions.growth_study]
title = "How fast it grows"
notebook = "lab"
kind = "experiment"
points = 4
covers = ["growth"]

[questions.why_even]
title = "Why twice a number is even"
notebook = "theory"
kind = "theory"
points = 2
covers = ["parity"]
words = 40
sentences = 4
"""

LAB = '''# %% [markdown]
# # Small numbers
# A lab about doubling.

# %%
import math

from dgm.check import visible_checks

# %% answer="double"
def double(number):
    """Twice `number`."""
    ### BEGIN SOLUTION
    total_of_both_copies = number + number
    return total_of_both_copies
    ### END SOLUTION

# %% check="double"
@visible_checks("double")
def _():
    assert double(0) == 0, "twice nothing is nothing"

# %% answer="cube" tags=["hide-input"]
def cube(number):
    """`number` to the third power."""
    ### BEGIN SOLUTION
    return math.prod([number, number, number])
    ### END SOLUTION

# %% check="cube"
@visible_checks("cube")
def _():
    assert cube(1) == 1, "one to the third is one"

# %% answer="grow"
### BEGIN SOLUTION
def grow(steps):
    history_of_values = [double(step) for step in range(steps)]
    return history_of_values
### END SOLUTION

# %% train="growth"
print("trained for", len(grow(10)), "steps")

# %% [markdown]
# ## How fast does it grow?

# %% [markdown] analysis="growth_study"
# ### BEGIN SOLUTION
# The values grow by the same amount at each step, so the curve is a straight line.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 3 points: names the constant difference between neighbours
# - 1 point: says that the curve is straight
# ### END MARK SCHEME
'''

THEORY = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
---

# Questions about numbers

+++

Why is $2n$ even for every integer $n$?

+++ {"analysis": "why_even"}

### BEGIN SOLUTION
Two divides $2n$ with the quotient $n$, which is an integer by assumption.
### END SOLUTION
### BEGIN MARK SCHEME
- 2 points: gives the quotient and says that it is an integer
### END MARK SCHEME
"""

CHECK = '''"""The visible checks of the small course."""


def visible_checks(question):
    def run(checks):
        try:
            checks()
        except NotImplementedError:
            print(f"{question}: not answered yet")
        else:
            print(f"{question}: visible checks pass")

    return run
'''

COLLECT = '#!/usr/bin/env bash\necho "collecting $(ls *.ipynb | wc -l) notebooks"\n'
REQUIREMENTS = "# one list\nnumpy>=1.26\n\njupyterlab>=4.2\n"


HIDDEN = "autograder/suites/mini"
SUITES = {
    "double": '''"""Hidden checks: twice a number."""

from autograder.checks import aspect, same
from autograder.suites.mini.double import oracle

ASPECTS = {"values": 2 / 3, "edges": 1 / 3}


def test_values(student, draw):
    """is right for positive numbers"""
    same(student.double(7), oracle.double(7))


@aspect("edges")
def test_negative(student, draw):
    """is right for negative numbers"""
    same(student.double(-3), oracle.double(-3))
''',
    "cube": '''"""Hidden checks: the third power."""

from autograder.checks import same
from autograder.suites.mini.cube import oracle


def test_values(student, draw):
    """is right for a number above one"""
    same(student.cube(3), oracle.cube(3))
''',
}
ORACLES = {
    "double": '"""Oracle: twice a number."""\n\n\ndef double(number):\n    return number * 2\n',
    "cube": '"""Oracle: the third power."""\n\n\ndef cube(number):\n    return number**3\n',
}

SYLLABUS = """
[mini]
arithmetic = { kind = "code", is = "sums and products" }
growth = { kind = "experiment", is = "how fast values grow" }
parity = { kind = "theory", is = "even and odd" }
"""


@dataclass(frozen=True)
class Course:
    """A course folder whose files a test may change before it releases."""

    root: Path

    @property
    def text(self) -> Path:
        return self.root / "assignments" / "mini"

    def change(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        before = path.read_text(encoding="utf-8")
        assert before.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(before.replace(old, new), encoding="utf-8")

    def lab(self, old: str, new: str) -> None:
        self.change("assignments/mini/lab.py", old, new)

    def theory(self, old: str, new: str) -> None:
        self.change("assignments/mini/theory.md", old, new)

    def toml(self, old: str, new: str) -> None:
        self.change("assignments/mini/assignment.toml", old, new)

    def notebook(self, folder: str, name: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root / folder / "mini" / f"{name}.ipynb", as_version=4)

    def cells(self, folder: str, name: str) -> dict[str, nbformat.NotebookNode]:
        return {cell.id: cell for cell in self.notebook(folder, name).cells}

    def built(self) -> dict[str, bytes]:
        """Every file that a release writes, by its path in the course."""
        files = [
            file
            for part in ("source", "release", "dist")
            for file in (self.root / part).rglob("*")
            if file.is_file()
        ]
        return {file.relative_to(self.root).as_posix(): file.read_bytes() for file in files}


def write_course(root: Path) -> Course:
    files = {
        "assignments/syllabus.toml": SYLLABUS,
        "assignments/mini/assignment.toml": TOML,
        "assignments/mini/lab.py": LAB,
        "assignments/mini/theory.md": THEORY,
        "assignments/dgm/__init__.py": '"""Helpers of the small course."""\n',
        "assignments/dgm/check.py": CHECK,
        "assignments/dgm/__pycache__/check.cpython-311.pyc": "stale",
        "data/README.md": "# Data\nMade up.\n",
        "data/numbers.npz": "not really an archive",
        "data/private_key.csv": "id,key\n1,42\n",
        "assignments/requirements.txt": REQUIREMENTS,
        "collect_submission.sh": COLLECT,
    }
    for question, suite in SUITES.items():
        files[f"{HIDDEN}/{question}/checks.py"] = suite
        files[f"{HIDDEN}/{question}/oracle.py"] = ORACLES[question]
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Course(root)


CHOOSE = '# %% choose="one"\n\n'


def with_choice(course: Course, cells: str, below: str = '# %% answer="grow"') -> None:
    """The better one of the two code questions, both 3 points, counts. cells: of the choice, put
    above a header of lab.py.
    """
    course.toml("points = 1.5", "points = 3")
    course.toml("bonus = true\n", "")
    course.toml(
        "[questions.double]",
        '[choose.one]\ntitle = "One"\nquestions = ["double", "cube"]\ncount = 1\n\n'
        "[questions.double]",
    )
    course.lab(below, f"{cells}{below}")
