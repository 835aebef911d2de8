"""The loader of `assignment.toml`: a good file as written, a bad one as a CourseError that names
the file and the cause.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.course.assignment import Quality, course_root, load, slugs
from autograder.errors import CourseError, UsageError

GOOD = """
slug = "toy"
title = "A toy"
due = 2026-12-15T23:59:00Z
archive_name = "{last}_{slug}.zip"
artifacts = ["artifacts/*.safetensors"]

[limits]
cell_s = 5
memory_mb = 512

[questions.first]
title = "First"
notebook = "lab"
kind = "code"
points = 4
covers = ["a"]

[questions.essay]
title = "Essay"
notebook = "theory"
kind = "theory"
points = 2.5
covers = ["b"]
words = 120
sentences = 4

[questions.second]
title = "Second"
notebook = "lab"
kind = "code"
points = 3
covers = ["a", "b"]
uses = ["first"]

[questions.more]
title = "More"
notebook = "lab"
kind = "experiment"
points = 6
covers = ["c"]
bonus = true
"""


def write(root: Path, text: str | bytes, slug: str = "toy") -> Path:
    file = root / "assignments" / slug / "assignment.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_good_file(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    toy = load("toy", tmp_path)
    assert (toy.slug, toy.title, toy.archive_name) == ("toy", "A toy", "{last}_{slug}.zip")
    assert toy.due == datetime(2026, 12, 15, 23, 59, tzinfo=UTC)
    assert toy.artifacts == ["artifacts/*.safetensors"]
    assert (toy.limits.cell_s, toy.limits.memory_mb) == (5, 512)
    assert (toy.limits.call_s, toy.limits.submission_s) == (20, 900), (
        "limits that are not given keep their defaults"
    )
    assert list(toy.questions) == ["first", "essay", "second", "more"], "the order of the file"
    assert all(question.name == name for name, question in toy.questions.items())
    second, essay, more = toy.questions["second"], toy.questions["essay"], toy.questions["more"]
    assert (second.kind, second.points, second.covers, second.uses) == (
        "code",
        3,
        ["a", "b"],
        ["first"],
    )
    assert (second.words, second.sentences, second.bonus) == (0, 0, False)
    assert (essay.words, essay.sentences, essay.points) == (120, 4, 2.5)
    assert [question.autograded for question in toy.questions.values()] == [
        True,
        False,
        True,
        False,
    ]
    assert more.bonus


def test_notebooks_and_totals(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    toy = load("toy", tmp_path)
    assert toy.notebooks == ["lab", "theory"]
    assert [question.name for question in toy.in_notebook("lab")] == ["first", "second", "more"]
    assert toy.in_notebook("nowhere") == []
    assert toy.max_points == 9.5, "bonus points add nothing to the maximum"


def test_a_name_inside_a_question_does_not_rename_it(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('title = "First"', 'title = "First"\nname = "other"'))
    assert load("toy", tmp_path).questions["first"].name == "first"


QUALITY = """
[questions.moons]
title = "Moons"
notebook = "lab"
kind = "quality"
points = 2
covers = ["a"]

[questions.moons.quality]
artifact = "artifacts/moons.safetensors"
metric = "plane_density"
full = 0.1
half = 0.3
plane = "two_moons"
"""


def test_a_quality_question_has_its_table_and_what_is_left_over_are_options(tmp_path: Path) -> None:
    write(tmp_path, GOOD + QUALITY)
    toy = load("toy", tmp_path)
    moons = toy.questions["moons"]
    assert moons.quality == Quality(
        "artifacts/moons.safetensors", "plane_density", 0.1, 0.3, {"plane": "two_moons"}
    )
    assert moons.autograded and not moons.has_checks
    assert toy.questions["first"].quality is None and toy.questions["first"].has_checks
    assert toy.max_points == 11.5


BAD = {
    "not toml": (GOOD + "\n[questions", "Expected ']'"),
    "not utf-8": (b'slug = "toy"\ntitle = "\xff\xfe"\n', ":2: not UTF-8 (byte 0xff)"),
    "empty": ("", "missing required field `slug`"),
    "no title": (GOOD.replace('title = "A toy"\n', ""), "missing required field `title`"),
    "no questions": ('slug = "toy"\ntitle = "A toy"\n', "missing required field `questions`"),
    "unknown field": ('color = "red"\n' + GOOD, "unknown field `color`"),
    "unknown limit": (
        GOOD.replace("cell_s = 5", "cell_seconds = 5"),
        "unknown field `cell_seconds`",
    ),
    "limit of zero": (GOOD.replace("cell_s = 5", "cell_s = 0"), "limits.cell_s is 0"),
    "limit without end": (GOOD.replace("cell_s = 5", "cell_s = inf"), "limits.cell_s is inf"),
    "due is no date": (GOOD.replace("due = 2026-12-15T23:59:00Z", 'due = "soon"'), "$.due"),
    "due without a zone": (
        GOOD.replace("due = 2026-12-15T23:59:00Z", "due = 2026-12-15T23:59:00"),
        "no time zone",
    ),
    "other slug": (
        GOOD.replace('slug = "toy"', 'slug = "game"'),
        "slug is 'game', but the folder is 'toy'",
    ),
    "questions is a number": (
        'slug = "toy"\ntitle = "A toy"\nquestions = 3\n',
        "Expected `object`, got `int`",
    ),
    "question is a number": (
        'slug = "toy"\ntitle = "A toy"\nquestions = { first = 3 }\n',
        "question first: it is a table, [questions.first]",
    ),
    "unknown field in a question": (
        GOOD.replace("bonus = true", "bonos = true"),
        "unknown field `bonos`",
    ),
    "question without points": (
        GOOD.replace("points = 4\n", ""),
        "missing required field `points`",
    ),
    "points are text": (
        GOOD.replace("points = 4", 'points = "four"'),
        "Expected `float`, got `str`",
    ),
    "negative points": (
        GOOD.replace("points = 4", "points = -4"),
        "question first has points = -4",
    ),
    "points not a number": (
        GOOD.replace("points = 4", "points = nan"),
        "question first has points = nan",
    ),
    "endless points": (
        GOOD.replace("points = 4", "points = inf"),
        "question first has points = inf",
    ),
    "too many pages": (
        GOOD.replace("words = 120", "pages = 51"),
        "question essay has pages = 51; it must be between 0 (as many as it takes) and 50",
    ),
    "negative words": (
        GOOD.replace("words = 120", "words = -120"),
        "question essay has words = -120",
    ),
    "unknown kind": (
        GOOD.replace('kind = "theory"', 'kind = "essay"'),
        "Invalid enum value 'essay'",
    ),
    "bad name": (
        GOOD.replace("[questions.first]", "[questions.First]").replace('uses = ["first"]', ""),
        "question name 'First'",
    ),
    "name with a space": (
        GOOD.replace("[questions.more]", '[questions."more work"]'),
        "question name 'more work'",
    ),
    "quality without a table": (
        GOOD + QUALITY[: QUALITY.index("[questions.moons.quality]")],
        'question moons: kind = "quality" needs a table [questions.moons.quality]',
    ),
    "a quality table of code": (
        GOOD + QUALITY.replace('kind = "quality"', 'kind = "code"'),
        'question moons: [questions.moons.quality] belongs to a question of kind = "quality"',
    ),
    "a quality table that is a number": (
        GOOD + QUALITY[: QUALITY.index("[questions.moons.quality]")] + "quality = 3",
        "Expected `object | null`, got `int`",
    ),
    "no threshold": (GOOD + QUALITY.replace("half = 0.3\n", ""), "missing required field `half`"),
    "thresholds the wrong way round": (
        GOOD + QUALITY.replace("full = 0.1", "full = 0.4"),
        "question moons: full = 0.4, half = 0.3; of plane_density less is better",
    ),
    "unknown metric": (
        GOOD + QUALITY.replace('"plane_density"', '"beauty"'),
        "question moons: metric 'beauty' is unknown; the metrics are digit_samples, class_samples, "
        "sketch_translations, plane_density",
    ),
    "unknown option": (
        GOOD + QUALITY + "squares = 4",
        "question moons: 'squares' is unknown; the options of plane_density are: plane",
    ),
    "option missing": (
        GOOD + QUALITY.replace('plane = "two_moons"', ""),
        "question moons: plane is missing; plane_density needs it",
    ),
    "artifact in another folder": (
        GOOD + QUALITY.replace("artifacts/moons", "artifacts/a/moons"),
        "is not among the files that students may hand in (artifacts = ",
    ),
    "artifact of another type": (
        GOOD + QUALITY.replace("moons.safetensors", "moons.pt"),
        "artifact 'artifacts/moons.pt' must be a .safetensors file",
    ),
    "quality that uses code": (
        GOOD + QUALITY.replace('covers = ["a"]\n\n', 'covers = ["a"]\nuses = ["first"]\n\n'),
        "question moons: uses is for code questions",
    ),
    "uses nothing known": (
        GOOD.replace('uses = ["first"]', 'uses = ["frist"]'),
        "question second uses 'frist'",
    ),
}


@pytest.mark.parametrize(("text", "cause"), BAD.values(), ids=BAD.keys())
def test_bad_file_names_itself_and_the_cause(tmp_path: Path, text: str | bytes, cause: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(CourseError) as raised:
        load("toy", tmp_path)
    assert str(file) in raised.value.message
    assert cause in raised.value.message


def test_missing_assignment_names_those_there_are(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(UsageError, match=r"no assignment 'gan'.*assignments here: toy"):
        load("gan", tmp_path)
    with pytest.raises(UsageError, match="assignments here: none"):
        load("gan", tmp_path / "elsewhere")


def test_slugs_are_the_folders_with_a_description(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, slug="another")
    (tmp_path / "assignments" / "dgm").mkdir()
    assert slugs(tmp_path) == ["another", "toy"]


def test_course_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"is not in a course.*autograder init DIR"):
        course_root()
    write(tmp_path, GOOD)
    (tmp_path / "assignments" / "syllabus.toml").write_text("")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert course_root() == tmp_path, "the nearest folder upwards with a syllabus"
    assert load("toy").title == "A toy"
    elsewhere = tmp_path / "a"
    monkeypatch.setenv("AUTOGRADER_COURSE", str(elsewhere))
    with pytest.raises(
        UsageError,
        match=r"AUTOGRADER_COURSE is .*not a course: it has no assignments/syllabus.toml",
    ):
        course_root()
    (elsewhere / "assignments").mkdir()
    (elsewhere / "assignments" / "syllabus.toml").touch()
    assert course_root() == elsewhere, "the variable wins"


def test_anywhere_in_the_checkout_is_in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(Path(__file__).parent)
    assert course_root() == Path(__file__).resolve().parents[2]
