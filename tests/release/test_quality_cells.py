"""The cell of a quality question: what the build makes of a header."""

from __future__ import annotations

import ast
import json

import pytest
from mini_course import Course

from autograder.errors import CourseError
from autograder.release.release import release

TABLE = """
[questions.moons]
title = "Moons"
notebook = "lab"
kind = "quality"
points = 2
covers = ["growth"]

[questions.moons.quality]
artifact = "artifacts/moons.safetensors"
metric = "plane_density"
full = 0.1
half = 0.3
plane = "two_moons"
"""
CELL = '# %% quality="moons"\n\n# %% [markdown]\n# ## How fast'


def add(course: Course, table: str = TABLE, cell: str = CELL) -> None:
    course.toml("[questions.growth_study]", f"{table}\n[questions.growth_study]")
    course.lab("# %% [markdown]\n# ## How fast", cell)


def test_the_header_becomes_a_locked_check_worth_the_points(course: Course) -> None:
    add(course)
    release("mini", course.root)
    source, student = course.cells("source", "lab")["test_moons"], course.cells("release", "lab")
    mark = source.metadata.nbgrader
    assert (mark.grade, mark.solution, mark.locked, mark.points) == (True, False, True, 2)
    assert source.source.endswith(
        "### BEGIN HIDDEN TESTS\n"
        '__import__("autograder.kernel").kernel.quality_score("mini", "moons")\n'
        "### END HIDDEN TESTS"
    )
    visible = student["test_moons"].source
    assert "autograder" not in visible
    (_, call) = ast.parse(visible).body
    assert ast.unparse(call) == (
        "show_quality('moons', 'artifacts/moons.safetensors', 'plane_density', full=0.1, half=0.3, "
        "plane='two_moons')"
    )
    public = json.loads((course.root / "release/mini/assignment.json").read_text())
    assert public["measured"] == {"artifacts/moons.safetensors": "Moons"}
    (described,) = [
        cell for cell in public["notebooks"]["lab"]["cells"] if cell["id"] == "test_moons"
    ]
    assert (described["kind"], described["title"]) == ("check", "Moons")


def test_what_the_author_writes_comes_first(course: Course) -> None:
    add(course, cell=CELL.replace('moons"\n', 'moons"\n# As the grader does.\n'))
    release("mini", course.root)
    assert course.cells("release", "lab")["test_moons"].source.startswith(
        "# As the grader does.\nfrom dgm.quality import show_quality\n"
    )


def test_a_bonus_is_worth_nothing_to_nbgrader(course: Course) -> None:
    add(course, TABLE.replace("points = 2", "points = 2\nbonus = true"))
    release("mini", course.root)
    assert course.cells("release", "lab")["test_moons"].metadata.nbgrader.points == 0


@pytest.mark.parametrize(
    ("table", "cell", "cause"),
    [
        (TABLE, "# %% [markdown]\n# ## How fast", "question moons has no quality cell"),
        ("", CELL, r"quality='moons' earns points, but assignment\.toml has no"),
        (
            TABLE,
            CELL.replace('quality="moons"\n', 'answer="moons"\n### BEGIN SOLUTION\n1\n'),
            "answer='moons', but assignment.toml says that its kind is 'quality'",
        ),
        (TABLE, CELL.replace("# %% q", "# %% [markdown] q"), "belongs on a code cell"),
        (TABLE, CELL.replace("moons", "double"), "says that its kind is 'code'"),
        (TABLE, CELL.replace("\n\n#", "\n\n" + CELL.split("\n")[0] + "\n\n#", 1), "there twice"),
    ],
    ids=["no cell", "no table", "an answer", "text", "a code question", "twice"],
)
def test_what_does_not_fit_is_named(course: Course, table: str, cell: str, cause: str) -> None:
    add(course, table, cell)
    with pytest.raises(CourseError, match=cause):
        release("mini", course.root)
