"""Grading one submission and a class: notebooks that hang or die, files whose assignment is
unclear, faults of ours.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.align.align import AlignedCell
from autograder.class_run.run import grade_class, slug_of
from autograder.course.assignment import Limits
from autograder.errors import AutograderError, StudentError
from autograder.executor import tasks
from autograder.grading.grade import Graded, Options, grade_one
from autograder.grading.notebook_run import NotebookRun
from autograder.sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ROOT, memory_mb=512, cpu_s=120) as running:
        yield running


def cell(name: str, source: str, kind: str = "answer") -> AlignedCell:
    return AlignedCell(
        kind=kind, name=name, source=source, found="grade_id", blank=False, cell_type="code"
    )  # type: ignore[arg-type]


def notebook_run(
    sandbox: Sandbox, *cells: AlignedCell, cell_s: float = 1.0, left_s: float = 60.0
) -> NotebookRun:
    return NotebookRun(
        sandbox, list(cells), Limits(cell_s=cell_s, call_s=1.0), time.monotonic() + left_s
    )


@pytest.mark.sandbox
def test_cells_that_hang_die_or_raise_cost_what_they_define(sandbox: Sandbox) -> None:
    run = notebook_run(
        sandbox,
        cell("course", "x = 2", "course"),
        cell("hangs", "while True: pass"),
        cell("dies", "import os; os._exit(1)"),
        cell("raises", "y = 3\nraise ValueError('mine')"),
        cell("trained", "y = 'not run'", "train"),
        cell("test_good", "y = 'not run'", "check"),
        cell("good", "def good(): return x + y"),
    )
    assert run.student().good() == 5
    told = {name: " ".join(run.told_of(name, full_marks=True)) for name in ("hangs", "good")}
    assert "longer than 1 s" in told["hangs"] and not told["good"]
    assert "ended its Python process" in run.told_of("dies", full_marks=False)[0]
    assert run.told_of("raises", full_marks=False) == [
        "the cell of raises could not be run: your code raised ValueError: mine "
        "(line 2: raise ValueError('mine'))"
    ]
    assert run.notes == []


@pytest.mark.sandbox
def test_a_cell_of_ones_own_that_cannot_be_run_is_told_with_the_answer_above_it(
    sandbox: Sandbox,
) -> None:
    run = notebook_run(
        sandbox,
        cell("own-1", "import nothing_like_it", "own"),
        cell("f", "def f(): return helper()"),
        cell("own-2", "def helper():\n    return 1\nx = (", "own"),
        cell("g", "def g(): return 1"),
        cell("own-3", "1 / 0", "own"),
    )
    assert run.student().g() == 1
    assert run.told_of("g", full_marks=True) == []
    (below,) = [told for told in run.told_of("f", full_marks=False) if "below" in told]
    assert below.startswith("your own cell below f could not be run: your code raised SyntaxError")
    assert [note.partition(" could")[0] for note in run.notes] == ["your own cell below g"]


@pytest.mark.sandbox
def test_a_call_that_hangs_gets_the_next_one_a_fresh_worker(sandbox: Sandbox) -> None:
    run = notebook_run(
        sandbox,
        cell("f", "n = 0\ndef f(x):\n    global n\n    n += 1\n    while x: pass\n    return n"),
    )
    assert [run.student().f(0), run.student().f(0)] == [1, 2]
    with pytest.raises(StudentError, match="longer than 1 s"):
        run.student().f(1)
    assert run.student().f(0) == 1


@pytest.mark.sandbox
def test_after_a_call_in_vain_the_next_ones_get_less_time_until_one_comes_back(
    sandbox: Sandbox,
) -> None:
    def waited(x: int) -> float:
        start = time.monotonic()
        with pytest.raises(StudentError, match="was stopped"):
            student = run.student()
            start = time.monotonic()  # not for the fresh worker
            student.f(x)
        return time.monotonic() - start

    run = notebook_run(sandbox, cell("f", "def f(x):\n    while x: pass\n    return 1"))
    assert waited(1) > 0.9 > 0.5 > waited(1), "nothing has come back: a fifth of the time"
    assert run.student().f(0) == 1
    assert waited(1) > 0.9, "it does come back for some: the whole time again"
    run.forget()
    assert waited(1) > 0.9, "another question"
    run.forget()
    assert waited(1) > 0.9, "and another"


@pytest.mark.sandbox
def test_a_notebook_of_nothing_but_endless_cells_is_given_up(sandbox: Sandbox) -> None:
    cells = [cell(f"q{i}", "while True: pass") for i in range(20)]
    with pytest.raises(StudentError, match="too many cells"):
        notebook_run(sandbox, *cells, cell_s=0.2).student()
    with pytest.raises(StudentError, match="whole submission"):
        notebook_run(sandbox, *cells, left_s=-1.0).student()


def test_the_assignment_of_a_file_is_the_only_one_or_named(tmp_path: Path) -> None:
    for slug in ("vae", "gan"):
        (tmp_path / "assignments" / slug).mkdir(parents=True)
        (tmp_path / "assignments" / slug / "assignment.toml").touch()
    assert slug_of("Ada_Full_gan.zip", tmp_path) == "gan"
    with pytest.raises(AutograderError, match="--assignment"):
        slug_of("homework.zip", tmp_path)
    (tmp_path / "assignments" / "gan" / "assignment.toml").unlink()
    assert slug_of("homework.zip", tmp_path) == "vae"


def test_a_fault_of_ours_waits_for_staff_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Graded:
        raise RuntimeError("out of disk")

    files = [tmp_path / "Ada_Full_vae.zip", tmp_path / "Ben_Half_vae.zip"]
    files[0].write_bytes(b"not a zip")
    files[1].write_bytes(b"not a zip")
    original = tasks.grade_one
    monkeypatch.setattr(
        tasks,
        "grade_one",
        lambda data, file, *rest: (
            broken() if file.startswith("Ada") else original(data, file, *rest)
        ),
    )
    options = Options(root=ROOT, isolation="none", secret="s", jobs=1)
    first, second = grade_class(files, options, out=tmp_path / "out")
    assert (first.status, second.status) == ("ungraded", "rejected")
    assert "out of disk" in first.staff_notes[0]
    assert "out of disk" not in first.message
    assert (tmp_path / "out" / "results" / "vae" / "Ada_Full_vae" / "report.json").is_file()


def test_files_that_cannot_be_told_apart_or_read_are_reported_and_stop_nobody(
    tmp_path: Path,
) -> None:
    files = [
        tmp_path / "a" / "Ada_vae.zip",
        tmp_path / "b" / "Ada_vae.zip",
        tmp_path / "b" / "homework.zip",
    ]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"not a zip")
    heard: list[str] = []
    options = Options(root=ROOT, isolation="none", secret="s", jobs=1)
    reports = grade_class(
        files, options, out=tmp_path / "out", progress=lambda report: heard.append(report.file)
    )
    assert [report.status for report in reports] == ["rejected", "rejected", "ungraded"]
    assert "its assignment is unknown" in reports[2].message
    assert len(heard) == 3
    written = sorted(
        str(file.relative_to(tmp_path / "out"))
        for file in (tmp_path / "out" / "results").rglob("report.json")
    )
    assert written == [
        "results/unknown/homework/report.json",
        "results/vae/Ada_vae/report.json",
        "results/vae/Ada_vae~2/report.json",
    ]


def test_an_archive_over_the_size_limit_is_rejected_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "Big_vae.zip"
    with file.open("wb") as stream:
        stream.truncate(2**30)  # sparse: it takes no disk
    (report,) = grade_class(
        [file], Options(root=ROOT, isolation="none", secret="s", jobs=1), out=tmp_path / "out"
    )
    assert report.status == "rejected"
    assert "larger than the limit" in report.message


def test_waiting_for_the_sandbox_is_given_back_to_every_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A submission of several notebooks, of which the first waits an hour for the sandbox."""
    expires: list[float] = []
    waits = iter([3600.0, *[0.0] * 10])

    class SlowSandbox:
        isolation = "none"

        def __init__(self, *_: object, **__: object) -> None:
            self.waited_s = next(waits)

        def __enter__(self) -> SlowSandbox:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    class Noted:
        notes: tuple[str, ...] = ()

        def __init__(
            self, sandbox: object, cells: object, limits: object, until: float, *_: object
        ) -> None:
            expires.append(until)

    monkeypatch.setattr("autograder.sandbox.client.Sandbox", SlowSandbox)
    monkeypatch.setattr("autograder.grading.grade.NotebookRun", Noted)
    monkeypatch.setattr("autograder.grading.grade.grade_question", lambda *_: None)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in (ROOT / "release" / "gan").glob("*.ipynb"):
            archive.write(file, file.name)
    grade_one(buffer.getvalue(), "Ada_gan.zip", "gan", Options(root=ROOT, isolation="none"))
    assert len(expires) == 5, "each lab that holds code"
    assert min(expires) > time.monotonic() + 3600
