"""The made-up class is what it says, and the accounting counts what a known burner burns. Nothing
here asserts how fast anything is.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.align.align import align
from autograder.audit.known import known_answers
from autograder.course.assignment import Assignment, labs, load
from autograder.intake.find import find_submissions
from autograder.intake.read import read_submission

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is not installed

from benchmarks import phases, show, sides  # noqa: E402
from benchmarks.accounting import Usage, measure  # noqa: E402
from benchmarks.make_class import ENDLESS_AT, SYNTAX_ERROR_AT, HandIn, make_class  # noqa: E402
from benchmarks.names import name_of  # noqa: E402

MIB = 2**20
KNOWN = {
    f"{answer.kind}/{answer.name}": answer for answer in known_answers(ROOT, load("vae", ROOT))
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def hand_ins(folder: Path) -> list[HandIn]:
    return make_class(25, folder, seed=3, artifacts_mb=0.1, root=ROOT)


@pytest.fixture(scope="module")
def vae() -> Assignment:
    return load("vae", ROOT)


# The class


def test_ids_names_and_files_are_distinct(hand_ins: list[HandIn], folder: Path) -> None:
    for field in ("id", "name", "file"):
        assert len({getattr(one, field) for one in hand_ins}) == 25, field
    assert [one.name for one in find_submissions([folder])] == sorted(
        one.file.name for one in hand_ins
    )
    told = json.loads((folder / "class.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in told] == [one.id for one in hand_ins]
    assert len({name_of(number).file_part.lower() for number in range(6000)}) == 6000


def test_there_is_every_kind_of_student(hand_ins: list[HandIn]) -> None:
    assert {one.kind for one in hand_ins} == {"full", "mixed", "half", "blank"}
    assert [number for number, one in enumerate(hand_ins) if one.syntax_error] == [SYNTAX_ERROR_AT]
    assert [number for number, one in enumerate(hand_ins) if one.endless] == [ENDLESS_AT]
    assert sum(one.own_cells for one in hand_ins) > 5
    assert all(not one.answers for one in hand_ins if one.kind == "blank")
    used = {answer for one in hand_ins for answer in one.answers.values() if "/" in answer}
    assert len({answer for answer in used if answer.startswith("wrong/")}) > 10
    assert len({answer for answer in used if answer.startswith("right/")}) > 10
    assert used <= KNOWN.keys()


def test_the_same_seed_gives_the_same_bytes_and_a_smaller_class_is_its_beginning(
    hand_ins: list[HandIn], tmp_path: Path
) -> None:
    again = make_class(9, tmp_path / "again", seed=3, artifacts_mb=0.1, root=ROOT)
    assert [one.file.read_bytes() for one in again] == [
        one.file.read_bytes() for one in hand_ins[:9]
    ]


def test_another_seed_gives_others_and_breaking_submissions_can_be_left_out(
    hand_ins: list[HandIn], tmp_path: Path
) -> None:
    other = make_class(
        24, tmp_path, seed=4, syntax_errors=False, endless=False, artifacts_mb=0, root=ROOT
    )
    assert not any(one.syntax_error or one.endless for one in other)
    assert [one.answers for one in other] != [one.answers for one in hand_ins[:24]]


def test_intake_opens_every_submission_without_a_note(
    hand_ins: list[HandIn], vae: Assignment
) -> None:
    for one in hand_ins:
        submission = read_submission(one.file.read_bytes(), one.file.name, vae)
        assert submission.notes == []
        assert (submission.student.id, submission.student.name, submission.student.declared) == (
            one.id,
            one.name,
            True,
        )
        assert set(submission.notebooks) == set(vae.notebooks)
        assert len(submission.artifacts) in (
            (12,) if one.kind in ("full", "mixed") else (0,) if one.kind == "blank" else (0, 12)
        )


def test_answers_are_found_and_hold_what_the_class_list_says(
    hand_ins: list[HandIn], vae: Assignment
) -> None:
    released = {
        name: nbformat.read(ROOT / "release" / "vae" / f"{name}.ipynb", as_version=4)
        for name in labs("vae", ROOT)
    }
    code = {question.name for question in vae.questions.values() if question.has_checks}
    for one in hand_ins:
        submission = read_submission(one.file.read_bytes(), one.file.name, vae)
        cells = []
        for name, release in released.items():
            aligned = align(submission.notebooks[name], release, vae, name)
            assert not aligned.problem and not aligned.notes
            cells += aligned.cells
        answers = {cell.name: cell for cell in cells if cell.kind == "answer" and cell.name in code}
        assert {name for name, cell in answers.items() if not cell.blank} == set(one.answers)
        assert sum(cell.kind == "own" for cell in cells) >= one.own_cells
        for name, told in one.answers.items():
            source = answers[name].source
            assert compiles(source) == (name != one.syntax_error), f"{one.id} {name}"
            assert ("while True" in source) == (told == "endless") or "/" in told
            if "/" in told:
                assert source.split("\n", 1)[1].strip() in KNOWN[told].cells[0].source


def compiles(source: str) -> bool:
    try:
        compile(source, "answer", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("number", [0, 12])
def test_the_zip_is_what_collect_submission_writes(
    hand_ins: list[HandIn], number: int, tmp_path: Path
) -> None:
    one, kit = hand_ins[number], tmp_path / "kit"
    with zipfile.ZipFile(one.file) as archive:
        archive.extractall(kit)  # our own zip
        ours = json.loads(archive.read("submission.json"))
    (kit / "submission.json").unlink()
    for file in (ROOT / "release" / "vae" / "assignment.json", ROOT / "collect_submission.sh"):
        (kit / file.name).write_bytes(file.read_bytes())
    shutil.copytree(ROOT / "assignments" / "dgm", kit / "dgm")
    line = [
        "bash",
        "collect_submission.sh",
        "--name",
        one.name,
        "--id",
        one.id,
        "--collaborators",
        "None",
        "--honest",
        "--yes",
    ]
    done = subprocess.run(
        [*line, "--output", str(tmp_path / "out")],
        cwd=kit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == one.file.name
    with zipfile.ZipFile(written) as archive:
        theirs = json.loads(archive.read("submission.json"))
    assert list(ours) == list(theirs) and set(ours["versions"]) == set(theirs["versions"])
    for key in ("schema", "slug", "name", "id", "collaborators", "declaration", "files"):
        assert ours[key] == theirs[key], key


# The accounting

BURN = """
import os, signal, sys, time
def burn(seconds):
    while time.process_time() < seconds:
        pass
def fill(mebibytes):
    block = bytearray(mebibytes << 20)
    for page in range(0, len(block), 4096):
        block[page] = 1
    return block
"""


def run(source: str, **options: Any) -> Usage:
    return measure([sys.executable, "-c", BURN + source], **options)


def test_cpu_of_children_and_of_orphans_is_counted() -> None:
    usage = run(
        """
if os.fork() == 0:
    burn(0.6)
    os._exit(0)
os.wait()
if os.fork() == 0:      # a daemon: its parent is gone at once, and it outlives the command
    os.setsid()
    if os.fork() == 0:
        burn(0.6)
    os._exit(0)
burn(0.6)
sys.exit(7)
"""
    )
    assert usage.returncode == 7
    assert 1.7 < usage.cpu_reaped_s < 3.5
    assert usage.cpu_s >= usage.cpu_reaped_s


def test_cpu_of_a_child_that_nobody_waits_for_is_sampled() -> None:
    usage = run(
        """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    burn(2)
    os._exit(0)
try:
    os.wait()
except ChildProcessError:
    pass
""",
        interval_s=0.05,
    )
    assert usage.cpu_reaped_s < 1 < usage.cpu_sampled_s
    assert usage.cpu_s == usage.cpu_sampled_s < 4


def test_memory_that_processes_share_is_counted_once() -> None:
    hold = """
block = fill(200)
children = []
for _ in range(3):
    if (child := os.fork()) == 0:
        time.sleep(2)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
"""
    usage = run(hold, interval_s=0.1)
    assert 200 * MIB < usage.peak_bytes < 300 * MIB  # four processes of 200 MiB each
    assert usage.peak_processes >= 4 and usage.n_samples >= 2
    assert usage.sampler_cpu_s < 0.2 * usage.wall_s


def test_memory_of_each_process_is_added_up() -> None:
    usage = run(
        """
if (child := os.fork()) == 0:
    mine = fill(100)
    time.sleep(2)
    os._exit(0)
mine = fill(100)
os.waitpid(child, 0)
""",
        interval_s=0.1,
    )
    assert 200 * MIB < usage.peak_bytes < 300 * MIB


def test_what_outlives_the_command_is_ended_and_told() -> None:
    usage = run("if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n")
    assert usage.survivors == 1 and usage.returncode == 0


def test_output_goes_to_the_files_and_a_failed_start_is_an_error(tmp_path: Path) -> None:
    measure(
        [sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr)"],
        stdout=tmp_path / "o",
        stderr=tmp_path / "e",
    )
    assert ((tmp_path / "o").read_text(), (tmp_path / "e").read_text()) == ("out\n", "err\n")
    with pytest.raises(RuntimeError, match="no_such_command"):
        measure([str(tmp_path / "no_such_command")])


# Phases, comparison, tables


def test_nested_spans_share_the_time_without_counting_it_twice() -> None:
    import time

    recorder = phases.Recorder()

    def burn(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    def outer() -> None:
        burn(0.1)
        recorder.run("inner", burn, (0.3,), {})

    recorder.run("outer", outer, (), {})
    inner, whole = recorder.totals["inner"], recorder.totals["outer"]
    assert (inner.calls, whole.calls) == (1, 1)
    assert 0.29 < inner.cpu_s < 0.36 and 0.09 < whole.cpu_s < 0.16
    assert whole.wall_s >= 0.09


@pytest.mark.parametrize("target", [*phases.SPANS, phases.REQUEST])
def test_the_functions_that_are_timed_exist(target: str) -> None:
    assert phases.find(target) is not None


ONE = HandIn(Path("a.zip"), "s1", "Ada", "full")


def test_scores_that_differ_are_told_with_the_reason_where_there_is_one() -> None:
    hand_ins = [ONE, replace(ONE, id="s2", endless="kl"), replace(ONE, id="s3")]
    ours: sides.Scores = {
        "s1": {"kl": 2.0, "elbo": 1.0},
        "s2": {"kl": 0.0, "elbo": 1.0},
        "s3": {"kl": 1.0},
    }
    assert sides.compare(ours, ours, hand_ins) == []
    theirs: sides.Scores = {
        "s1": {"kl": 2.00001, "elbo": 0.5},
        "s2": {"kl": 0.0, "elbo": None},
        "s3": {"kl": None},
    }
    found = {
        (each.student, each.question): each.expected
        for each in sides.compare(ours, theirs, hand_ins)
    }
    assert found == {
        ("s1", "elbo"): "",
        ("s2", "elbo"): "endless loop in kl",
        ("s3", "kl"): "nbgrader did not grade the submission",
    }


def test_totals_and_ratios() -> None:
    def side(n: int, wall_s: float, cpu_s: float) -> dict[str, Any]:
        return {"n": n, "usage": {"wall_s": wall_s, "cpu_s": cpu_s, "peak_bytes": 8e8}}

    batches = [{"sides": {"autograder": side(10, 5, 8), "nbgrader": side(10, 100, 80)}}] * 2
    sums = show.by_side({"options": {"jobs": 2}, "batches": batches})
    assert (
        sums["autograder"]
        | {"slot_mb": 400.0, "per_minute": 120.0, "wall_each_s": 0.5, "cpu_each_s": 0.8}
        == sums["autograder"]
    )
    assert sums["nbgrader"]["wall_each_s"] / sums["autograder"]["wall_each_s"] == 20
    assert sums["nbgrader"]["slot_mb"] == 800
