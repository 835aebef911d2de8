"""A class whose assignment has parts, killed while it is graded: the next run ends with the same
reports, gradebook and tables as an unbroken one.

Each run is a fork of a server that has imported the grader, with a zygote that all runs share: the
start-up of both is killed in test_resume.py.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
for _folder in ("tests", "tests/release", "tests/publish"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.append(str(ROOT / _folder))

from class_of_five import reports, snapshot  # noqa: E402
from graded_class import GradedClass  # noqa: E402
from killed_run import Kill, kill_at  # noqa: E402
from mini_course import Course, write_course  # noqa: E402

from autograder.class_run.class_results import CLASS, read_class  # noqa: E402
from autograder.class_run.run import run_class  # noqa: E402
from autograder.grading.grade import Options  # noqa: E402
from autograder.release.release import release  # noqa: E402
from autograder.sandbox.launcher import Launcher  # noqa: E402

PARTS = """
[parts.code]
title = "Code"
notebooks = ["lab"]
due = 2026-02-01T00:00:00Z

[parts.written]
title = "Written answers"
notebooks = ["theory"]
due = 2026-02-08T00:00:00Z

[questions.double]"""
DOUBLE, HALF = (f"def double(number):\n    return {text}" for text in ("number * 2", "abs(number)"))
LAB = {"double": DOUBLE, "growth_study": "It grows."}
THEORY = {"why_even": "Two divides it."}
HAND_INS = {
    "ada_mini_code": ("2026-01-31", {"lab": LAB}),
    "ben_mini": ("2026-02-02", {"lab": LAB | {"double": HALF}, "theory": {}}),
    "cleo_mini_code": ("2026-01-30", {"lab": {}}),
    "ada_mini_written": ("2026-02-09", {"theory": THEORY}),
    "ben_mini_written": ("2026-02-07", {"theory": THEORY}),
}
"""By name, when it was made and what is answered. Ben's first is late for the code, and his second
takes the place of its written part.
"""
FIRST_PART = 3
RUN_S = 120.0
UNTIL_ITS_END: Kill = ("", "", "", 0)


@dataclass(frozen=True)
class Class:
    course: Course
    zygote: str

    def grade(
        self,
        out: Path,
        *,
        kill: Kill = UNTIL_ITS_END,
        n_files: int = len(HAND_INS),
        after_s: float = RUN_S,
    ) -> int | None:
        """The exit code of a run over the first files, killed at a point or after a time."""
        files = [self.course.root / "submissions" / f"{name}.zip" for name in HAND_INS][:n_files]
        options = Options(
            root=self.course.root, isolation="none", secret="s", jobs=1, zygote=self.zygote
        )
        context = get_context("forkserver")
        context.set_forkserver_preload(["autograder.executor.preload", "nbgrader.api"])
        run = context.Process(target=_run, args=(files, options, out, kill))
        run.start()
        run.join(after_s)
        if run.exitcode is None:
            run.kill()
            run.join()
        return run.exitcode


def _run(files: list[Path], options: Options, out: Path, kill: Kill) -> None:
    import os

    os.setsid()
    kill_at(*kill)
    run_class(files, options, out=out)


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    course = write_course(tmp_path_factory.mktemp("parts") / "course")
    course.toml("due = 2030-01-31T22:00:00Z\n", "late_policy = { lost_per_day = 0.1 }\n")
    course.toml("\n[questions.double]", PARTS)
    release("mini", course.root)
    (course.root / "submissions").mkdir()
    for name, (day, notebooks) in HAND_INS.items():
        _hand_in(course, name, day, notebooks)
    with Launcher(course.root, "none") as zygote:
        yield Class(course, zygote.address)


def _hand_in(course: Course, name: str, day: str, notebooks: dict[str, dict[str, str]]) -> None:
    student, _, part = name.partition("_mini")
    manifest = {
        "schema": 1,
        "slug": "mini",
        "id": student,
        "name": student.title(),
        "created": f"{day}T10:00:00Z",
    } | ({"part": part[1:]} if part else {})
    with zipfile.ZipFile(course.root / "submissions" / f"{name}.zip", "w") as archive:
        archive.writestr("submission.json", json.dumps(manifest))
        for notebook, answers in notebooks.items():
            made = course.notebook("release", notebook)
            for cell in made.cells:
                if (question := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
                    cell.source = answers[question]
            archive.writestr(f"{notebook}.ipynb", nbformat.writes(made))


@pytest.fixture(scope="module")
def unbroken(parted: Class, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was graded to its end."""
    out = tmp_path_factory.mktemp("unbroken") / "out"
    assert parted.grade(out) == 0
    students = {one.id: one for one in read_class(out / "results" / "mini" / CLASS).students}
    assert {name: {part: one.file for part, one in student.parts.items()} for name, student
            in students.items()} == {
        "ada": {"code": "ada_mini_code.zip", "written": "ada_mini_written.zip"},
        "ben": {"code": "ben_mini.zip", "written": "ben_mini_written.zip"},
        "cleo": {"code": "cleo_mini_code.zip"},
    }  # fmt: skip
    assert students["ada"].parts["written"].late and students["ben"].parts["code"].late
    assert [students[name].totals.auto for name in ("ada", "ben", "cleo")] == [3.0, 0.0, 0.0]
    table = (out / "results" / "mini" / "csv" / "parts.csv").read_text()
    assert len(table.splitlines()) == 1 + 5 + 1
    return out


def assert_same(out: Path, unbroken: Path) -> None:
    expected, found = snapshot(unbroken), snapshot(out)
    for what in expected:
        assert found[what] == expected[what], what


@pytest.mark.slow
def test_killed_at_every_stage(parted: Class, unbroken: Path, tmp_path: Path) -> None:
    """At the start, while it grades, while it records, between the tables: each run goes on from
    the one before.
    """
    out = tmp_path / "out"
    for kill, n_reports in (
        (("write", "before", "report.json", 1), 0),
        (("write", "after", "lab.ipynb", 2), 1),
        (("write", "after", "report.json", 3), 4),
        (("call", "", "update_or_create_source_cell", 3), 5),
        (("write", "before", "release/mini/lab.ipynb", 1), 5),
        (("write", "after", "class.json", 1), 5),
        (("write", "before", "recorded.json", 2), 5),
        (("write", "before", "parts.csv", 1), 5),
    ):
        assert parted.grade(out, kill=kill) == -9, kill
        assert len(reports(out)) == n_reports, kill
    assert parted.grade(out) == 0
    assert_same(out, unbroken)


@pytest.mark.slow
def test_one_part_killed_next_to_another_that_is_finished_and_marked(
    parted: Class, unbroken: Path, tmp_path: Path
) -> None:
    """What people marked of the finished part is kept, whatever is killed later."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    shutil.copytree(unbroken, whole)
    assert parted.grade(out, n_files=FIRST_PART) == 0
    before = {file: file.read_bytes() for file in out.rglob("report.json")}
    for place in (out, whole):
        GradedClass(parted.course, place).mark("ada", "growth_study", 3.0, "Good.")
        GradedClass(parted.course, place).mark("ben", "growth_study", 1.0)
    for kill in (
        ("write", "after", "report.json", 1),
        ("write", "before", "timestamp.txt", 1),
        ("write", "after", "recorded.json", 1),
        ("write", "after", "parts.csv", 1),
    ):
        assert parted.grade(out, kill=kill) == -9, kill
        assert {file: file.read_bytes() for file in before} == before
    assert parted.grade(out) == 0
    assert parted.grade(whole) == 0
    assert_same(out, whole)
    with GradedClass(parted.course, out).gradebook() as gradebook:
        mark = gradebook.find_grade("growth_study", "lab", "mini", "ada")
        assert (mark.manual_score, mark.needs_manual_grade) == (3.0, False)


@pytest.mark.slow
def test_killed_at_random_moments(parted: Class, unbroken: Path, tmp_path: Path) -> None:
    start = time.monotonic()
    assert parted.grade(tmp_path / "warm") == 0
    seconds = time.monotonic() - start
    draw, out = random.Random(20), tmp_path / "out"
    shares = sorted(draw.uniform(0.05, 0.9) for _ in range(5))
    ended = [parted.grade(out, after_s=share * seconds) for share in shares]
    assert -9 in ended
    assert parted.grade(out) == 0
    assert_same(out, unbroken)
