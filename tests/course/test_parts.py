"""The parts of an assignment as `assignment.toml` describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_assignment import GOOD, write

from autograder.course.assignment import Assignment, load
from autograder.course.parts import notebooks_in, part_of, parts_with
from autograder.errors import CourseError

FIRST, LAST = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC)
PARTS = """
[parts.code]
title = "Code"
notebooks = ["lab"]
due = 2026-12-01T00:00:00Z

[parts.written]
title = "Written"
notebooks = ["theory"]
due = 2026-12-08T00:00:00Z
"""
HEAD = GOOD.replace("due = 2026-12-15T23:59:00Z\n", "")


def loaded(root: Path, parts: str = PARTS, head: str = HEAD) -> Assignment:
    write(root, head + parts)
    return load("toy", root)


def test_the_assignment_is_due_when_its_last_part_is(tmp_path: Path) -> None:
    toy = loaded(tmp_path)
    assert (toy.due, toy.parts["code"].due) == (LAST, FIRST)
    assert parts_with(toy, ["theory"]) == ["written"]
    assert parts_with(toy, ["theory", "lab"]) == ["code", "written"]
    assert notebooks_in(toy, ["written"]) == ["theory"]


def test_without_parts_every_notebook_is_handed_in(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    toy = load("toy", tmp_path)
    assert notebooks_in(toy, []) == ["lab", "theory"]
    assert parts_with(toy, ["lab"]) == []


def test_a_part_is_an_assignment_of_its_own_questions_date_and_points(tmp_path: Path) -> None:
    part = part_of(loaded(tmp_path), "code")
    assert (list(part.questions), part.notebooks) == (["first", "second", "more"], ["lab"])
    assert (part.max_points, part.due, list(part.parts)) == (7, FIRST, ["code"])


def test_an_extension_never_makes_a_part_due_earlier(tmp_path: Path) -> None:
    head = HEAD.replace(
        'title = "A toy"', 'title = "A toy"\nextensions = { al = 2026-12-04T00:00:00Z }'
    )
    parts = PARTS.replace(
        'notebooks = ["lab"]', 'notebooks = ["lab"]\nextensions = { bt = 2026-12-02T00:00:00Z }'
    )
    toy = loaded(tmp_path, parts, head)
    extended = part_of(toy, "code").extensions
    assert extended == {
        "al": datetime(2026, 12, 4, tzinfo=UTC),
        "bt": datetime(2026, 12, 2, tzinfo=UTC),
    }
    assert part_of(toy, "written").extensions == {}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('["theory"]', '["theory", "lab"]', "lab.ipynb is in the parts code and written"),
        ('["theory"]', '["thery"]', "part written has thery.ipynb, which no question is in"),
        ('["theory"]', "[]", "part written has no notebooks"),
        ("[parts.written]", "[parts.Written]", "part name 'Written' must match"),
        ("[parts.written]", "[parts.toy]", "part name 'toy' must match"),
        ("2026-12-08T00:00:00Z", "2026-12-08T00:00:00", "part written: due has no time zone"),
        (
            'title = "Code"',
            'title = "Code"\nextensions = { al = 2026-12-04T00:00:00 }',
            "part code: the extension of 'al' has no time zone",
        ),
        ('title = "Code"', 'title = "Code"\nlate_policy = 1', "unknown field `late_policy`"),
        ("due = 2026-12-08T00:00:00Z", "", "missing required field `due`"),
    ],
)
def test_what_is_wrong_with_parts_is_said(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in PARTS
    with pytest.raises(CourseError, match=f"assignment.toml.*{why}"):
        loaded(tmp_path, PARTS.replace(old, new))


def test_a_notebook_in_no_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"toml: theory\.ipynb is in no part\."):
        loaded(tmp_path, PARTS.partition("[parts.written]")[0])


def test_a_due_date_beside_those_of_the_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="due: each part has its own"):
        loaded(tmp_path, head=GOOD)


@pytest.mark.parametrize("other", ["code", "toy_code"])
def test_an_archive_of_a_part_is_never_named_like_one_of_another_assignment(
    tmp_path: Path, other: str
) -> None:
    write(tmp_path, GOOD.replace('"toy"', f'"{other}"'), slug=other)
    with pytest.raises(CourseError, match=f"like those of the assignment {other}"):
        loaded(tmp_path)
