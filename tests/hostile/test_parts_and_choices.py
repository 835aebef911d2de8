"""Attacks on the newest parts of an assignment's shape: choices of questions, and parts that are
handed in by themselves. They need no code to run, only a notebook, a manifest or a file name.
"""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

ROOT = Path(__file__).resolve().parents[2]
for _folder in ("tests/release", "tests/publish"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.append(str(ROOT / _folder))

from mini_course import CHOOSE, Course, with_choice, write_course  # noqa: E402

from autograder.class_run.class_results import ClassResults  # noqa: E402
from autograder.class_run.run import run_class  # noqa: E402
from autograder.grading.grade import Options  # noqa: E402
from autograder.release.release import release  # noqa: E402
from autograder.sandbox.launcher import Launcher  # noqa: E402
from tests.class_in_parts import PARTS  # noqa: E402

Notebook = nbformat.NotebookNode
HALF = "def double(number):\n    return abs(number) * 2"
"""2 of 3 points."""
CUBE = "def cube(number):\n    return number**3"


@pytest.fixture(scope="module")
def choosing(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = write_course(tmp_path_factory.mktemp("choosing"))
    with_choice(course, CHOOSE)
    release("mini", course.root)
    return course


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = write_course(tmp_path_factory.mktemp("parted"))
    course.toml("due = 2030-01-31T22:00:00Z\n", "late_policy = { lost_per_day = 0.1 }\n")
    course.toml("\n[questions.double]", PARTS.format("code", "written"))
    release("mini", course.root)
    return course


@pytest.fixture(scope="module")
def zygote(choosing: Course) -> Iterator[str]:
    with Launcher(choosing.root, "none") as launcher:
        yield launcher.address


def lab(course: Course, **answers: str) -> Notebook:
    made = course.notebook("release", "lab")
    for cell in made.cells:
        if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
            cell.source = answers[name]
    return made


def theory(course: Course, answer: str = "Two divides it.") -> Notebook:
    made = course.notebook("release", "theory")
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "why_even":
            cell.source = answer
    return made


def hand_in(
    file: Path, notebooks: dict[str, Notebook], day: str = "2026-01-31", **manifest: Any
) -> Path:
    told = {"schema": 1, "slug": "mini", "id": "mallory", "name": "Mallory"}
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        said = told | {"created": f"{day}T10:00:00Z"} | manifest
        archive.writestr("submission.json", json.dumps(said))
        for name, notebook in notebooks.items():
            archive.writestr(f"{name}.ipynb", nbformat.writes(notebook))
    return file


def graded(course: Course, zygote: str, out: Path, *files: Path) -> ClassResults:
    options = Options(root=course.root, isolation="none", secret="s", jobs=1, zygote=zygote)
    (found,) = run_class(files, options, out=out).classes
    return found


# ---- choices: the better one of `double` and `cube`, 3 points each, counts


def _cell(notebook: Notebook, name: str) -> Notebook:
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith(name)
    )


def _grade(grade_id: str, points: float, **more: bool) -> dict[str, Any]:
    kind = {"grade": True, "solution": False, "locked": False, "schema_version": 3, "task": False}
    return {"nbgrader": kind | {"grade_id": grade_id, "points": points} | more}


def _correction_raised(made: Notebook) -> None:
    _cell(made, "choose-one").metadata["nbgrader"]["points"] = 100


def _correction_doubled(made: Notebook) -> None:
    for points in (100, -100, 1e308):
        made.cells.append(
            new_markdown_cell("x", metadata=_grade("choose-one", points, solution=True))
        )


def _correction_gone(made: Notebook) -> None:
    made.cells.remove(_cell(made, "choose-one"))


def _correction_is_code(made: Notebook) -> None:
    place = made.cells.index(_cell(made, "choose-one"))
    made.cells[place] = new_code_cell(f"{HALF}\n{CUBE}", metadata=_grade("choose-one", 100))


def _correction_is_an_answer(made: Notebook) -> None:
    _cell(made, "choose-one").metadata["nbgrader"]["grade_id"] = "moved"
    _cell(made, "double").metadata["nbgrader"]["grade_id"] = "choose-one"


def _dropped_is_worth_more(made: Notebook) -> None:
    _cell(made, "test_double").metadata["nbgrader"]["points"] = 100
    _cell(made, "test_cube").metadata["nbgrader"]["points"] = -100


def _dropped_is_called_otherwise(made: Notebook) -> None:
    extra = new_code_cell(CUBE, metadata=_grade("growth_study", 4, solution=True))
    made.cells.append(extra)


def _other_choices(made: Notebook) -> None:
    for name in ("choose-two", "choose-", "choose-double", "choose-one "):
        made.cells.append(new_markdown_cell("", metadata=_grade(name, 50, solution=True)))


CHOICES: list[Callable[[Notebook], None]] = [
    _correction_raised,
    _correction_doubled,
    _correction_gone,
    _correction_is_code,
    _correction_is_an_answer,
    _dropped_is_worth_more,
    _dropped_is_called_otherwise,
    _other_choices,
]


@pytest.mark.parametrize("attack", CHOICES, ids=lambda attack: attack.__name__.strip("_"))
def test_a_choice_gives_no_more_than_its_best_question(
    choosing: Course, zygote: str, tmp_path: Path, attack: Callable[[Notebook], None]
) -> None:
    from nbgrader.api import Gradebook

    made = lab(choosing, double=HALF, cube=CUBE)
    attack(made)
    file = hand_in(tmp_path / "Mallory_mini.zip", {"lab": made, "theory": theory(choosing)})
    honest = {"lab": lab(choosing, double=HALF), "theory": theory(choosing)}
    other = hand_in(tmp_path / "Ada_mini.zip", honest, id="ada", name="Ada")
    found = graded(choosing, zygote, tmp_path / "out", file, other)
    ada, mallory = found.students
    assert (ada.totals.auto, ada.totals.auto_max) == (2, 3)
    assert mallory.totals.auto <= mallory.totals.auto_max == 3
    with Gradebook(f"sqlite:///{tmp_path / 'out' / 'gradebook.db'}") as gradebook:
        for student, most in (("mallory", 3), ("ada", 2)):
            row = gradebook.find_submission("mini", student)
            assert 0 <= row.score <= most and row.max_score == 3 + 4 + 2
            cell = gradebook.find_grade("choose-one", "lab", "mini", student)
            assert -3 <= cell.score <= 0 and cell.max_score == -3


# ---- parts: `code` is due on 1 February, `written` on 8 February


def points(results: ClassResults, who: str = "mallory") -> dict[str, tuple[float, bool]]:
    """By part that counts: points, and whether it is late."""
    (student,) = (one for one in results.students if one.id == who)
    return {name: (part.totals.auto, part.late) for name, part in student.parts.items()}


FULL = "def double(number):\n    return number + number"


def test_a_late_part_inside_an_archive_of_another_part_is_late(
    parted: Course, zygote: str, tmp_path: Path
) -> None:
    both = {"lab": lab(parted, double=FULL), "theory": theory(parted)}
    first = hand_in(tmp_path / "Mallory_mini_code.zip", {"lab": lab(parted, double=HALF)})
    later = hand_in(tmp_path / "Mallory_mini_written.zip", both, "2026-02-07", part="written")
    found = graded(parted, zygote, tmp_path / "out", first, later)
    assert points(found) == {"code": (2, False), "written": (0, False)}
    alone = graded(parted, zygote, tmp_path / "alone", later)
    assert points(alone) == {"code": (3, True), "written": (0, False)}


@pytest.mark.parametrize(
    "part", ["code", "no_such", "mini", "../code", ["code"], {"code": 1}, 10**400, "", True, None]
)
def test_a_part_of_the_manifest_moves_no_date(
    parted: Course, zygote: str, tmp_path: Path, part: object
) -> None:
    """Which questions are in it is told by the notebooks; a name adds a part that is blank."""
    file = hand_in(
        tmp_path / "Mallory_mini_written.zip",
        {"lab": lab(parted, double=FULL)},
        "2026-02-07",
        part=part,
    )
    assert points(graded(parted, zygote, tmp_path / "out", file))["code"] == (3, True)


def test_a_part_under_another_students_id_takes_and_gives_nothing(
    parted: Course, zygote: str, tmp_path: Path
) -> None:
    """Ada has handed in her code; Mallory hands in a written part as Ada."""
    mine = hand_in(
        tmp_path / "Ada_mini_code.zip", {"lab": lab(parted, double=FULL)}, id="ada", name="Ada"
    )
    stolen = hand_in(
        tmp_path / "Mallory_mini_written.zip", {"theory": theory(parted, "")}, id="ada", name="Ada"
    )
    found = graded(parted, zygote, tmp_path / "out", mine, stolen)
    assert points(found, "ada") == {"code": (3, False)}
    assert [one.file for one in found.waiting] == ["Mallory_mini_written.zip"]


def test_two_archives_of_one_part_at_the_same_second_wait_for_people(
    parted: Course, zygote: str, tmp_path: Path
) -> None:
    files = [
        hand_in(tmp_path / folder / "Mallory_mini_code.zip", {"lab": lab(parted, double=answer)})
        for folder, answer in (("a", HALF), ("b", FULL))
    ]
    for place, given in (("out", files), ("turned", files[::-1])):
        found = graded(parted, zygote, tmp_path / place, *given)
        (waiting,) = found.waiting
        assert "nothing shows whether it is newer" in waiting.why


def test_a_part_under_the_name_of_another_part(parted: Course, zygote: str, tmp_path: Path) -> None:
    """The notebooks say which part it is; a broken file of that name costs the other one nothing."""
    file = hand_in(
        tmp_path / "Mallory_mini_written.zip", {"lab": lab(parted, double=FULL)}, part="code"
    )
    broken = tmp_path / "Mallory_mini_code.zip"
    broken.write_bytes(b"PK\x03\x04 not the rest")
    found = graded(parted, zygote, tmp_path / "out", file, broken)
    assert points(found) == {"code": (3, False)}
    with (tmp_path / "out" / "results" / "mini" / "csv" / "parts.csv").open() as stream:
        rows = {row["part"]: row["status"] for row in csv.DictReader(stream)}
    assert rows == {"code": "graded", "written": "missing"}


def test_a_blank_part_does_not_take_the_place_of_an_earlier_one(
    parted: Course, zygote: str, tmp_path: Path
) -> None:
    """Also where cells of another part were added to it, to make it look answered."""
    first = hand_in(tmp_path / "Mallory_mini_code.zip", {"lab": lab(parted, double=FULL)})
    blank = lab(parted)
    blank.cells.append(new_code_cell("1", metadata=_grade("why_even", 2, solution=True)))
    again = hand_in(
        tmp_path / "Mallory_mini.zip", {"lab": blank, "theory": theory(parted)}, "2026-01-31"
    )
    found = graded(parted, zygote, tmp_path / "out", first, again)
    assert points(found)["code"] == (3, False)
