"""A class whose assignment has parts, killed while it is graded: the next run ends with the same
reports, gradebook and tables as an unbroken one.

Each run is a fork of a server that has imported the grader, with a zygote that all runs share: the
start-up of both is killed in test_resume.py.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for _folder in ("tests", "tests/release", "tests/publish"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.append(str(ROOT / _folder))

from class_in_parts import FIRST_PART, HAND_INS, make_class_in_parts  # noqa: E402
from class_of_five import reports, snapshot  # noqa: E402
from graded_class import GradedClass  # noqa: E402
from killed_run import Kill, kill_at  # noqa: E402
from mini_course import Course  # noqa: E402

from autograder.class_run.class_results import CLASS, read_class  # noqa: E402
from autograder.class_run.run import run_class  # noqa: E402
from autograder.grading.grade import Options  # noqa: E402
from autograder.sandbox.launcher import Launcher  # noqa: E402

RUN_S = 120.0
UNTIL_ITS_END: Kill = ("", "", "", 0)


@dataclass(frozen=True)
class Class:
    course: Course
    zygote: str
    parts: tuple[str, str] = ("code", "written")

    def grade(
        self,
        out: Path,
        *,
        kill: Kill = UNTIL_ITS_END,
        n_files: int = len(HAND_INS),
        after_s: float = RUN_S,
    ) -> int | None:
        """The exit code of a run over the first files, killed at a point or after a time."""
        names = [f"{name}.zip".format(*self.parts) for name in HAND_INS]
        files = [self.course.root / "submissions" / name for name in names[:n_files]]
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
    course = make_class_in_parts(tmp_path_factory.mktemp("parts") / "course")
    with Launcher(course.root, "none") as zygote:
        yield Class(course, zygote.address)


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


@pytest.mark.slow
@pytest.mark.parametrize("names", [("csv", "class"), ("lab", "report"), ("test_double", "unknown")])
def test_parts_with_names_of_ours(
    parted: Class, unbroken: Path, names: tuple[str, str], tmp_path: Path
) -> None:
    """Of files, folders, cells, and of the notebook of the other part: only the names differ."""
    out = tmp_path / "out"
    odd = Class(make_class_in_parts(tmp_path / "course", names), parted.zygote, names)
    assert odd.grade(out) == 0
    expected, found = snapshot(unbroken), snapshot(out)
    for table in ("students", "grades", "comments", "submissions", "late"):
        assert found["gradebook"][table] == expected["gradebook"][table], table
    usual = {file.name: file.read_text() for file in unbroken.rglob("*.csv")}
    assert set(usual) == {file.name for file in out.rglob("*.csv")} >= {"parts.csv", "totals.csv"}
    for file in out.rglob("*.csv"):
        text = usual[file.name]
        for old, new in zip(parted.parts, names, strict=True):
            text = re.sub(rf"(,|_|; |^){old}(?=[,.;:\n])", rf"\g<1>{new}", text)
        assert file.read_text() == text


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
