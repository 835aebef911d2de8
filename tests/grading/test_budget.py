"""What one submission may cost the class: reading it, and calls that never come back."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.align import align as align_module
from autograder.align.align import AlignedCell
from autograder.checks import judge
from autograder.checks.suite import suite
from autograder.course.assignment import Limits, load
from autograder.errors import OverBudget, StudentError
from autograder.executor import tasks
from autograder.executor.local import TOO_LONG, LocalExecutor
from autograder.grading import grade as grade_module
from autograder.grading.budget import CpuBudget, Patience
from autograder.grading.grade import Options, grade_one
from autograder.grading.notebook_run import BUSY, WAITS, NotebookRun, grade_question
from autograder.report import QuestionResult
from autograder.sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_left_gets_less() -> None:
    budget = CpuBudget(5.0)
    with budget.spend():
        _busy(0.1)
    assert 4.5 < budget.left_s < 4.95


def test_waiting_costs_nothing() -> None:
    budget = CpuBudget(5.0)
    with budget.spend():
        time.sleep(0.2)
    assert budget.left_s > 4.9


def test_a_loop_is_interrupted_though_it_catches_every_exception() -> None:
    budget = CpuBudget(0.2)
    start = time.process_time()
    with pytest.raises(OverBudget), budget.spend():
        while True:
            with contextlib.suppress(Exception):
                _busy(0.01)
    assert time.process_time() - start < 2.0
    with pytest.raises(OverBudget), budget.spend():  # nothing is left for the next part
        _busy(1.0)


def test_what_is_over_stays_over() -> None:
    """The timer of the kernel may be a tick ahead of the clock that is read here."""
    budget = CpuBudget(5.0)
    with pytest.raises(OverBudget), budget.spend():
        signal.raise_signal(signal.SIGPROF)
    assert budget.left_s <= 0


def test_the_signal_and_its_handler_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(OverBudget), CpuBudget(0.01).spend():
        _busy(1.0)
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_the_kernel_ends_a_slot_that_cannot_be_interrupted() -> None:
    """Sorting the marks of one letter is quadratic, in C."""
    program = """if True:
        import unicodedata
        from autograder.grading import budget
        budget.GRACE_S = 1.0
        budget.end_process_when_over()
        text = "a" + "\\u0300\\u0316" * 400_000
        with budget.CpuBudget(0.5).spend():
            unicodedata.normalize("NFD", text)
    """
    done = subprocess.run([sys.executable, "-c", program], timeout=100)
    assert done.returncode == -signal.SIGXCPU


def test_an_archive_that_takes_too_long_to_read_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade_module, "read_submission", lambda *_, **__: _busy(60))
    monkeypatch.setattr(grade_module, "CpuBudget", lambda: CpuBudget(0.2))
    graded = grade_one(b"", "Ada_Lovelace_vae.zip", "vae", Options(ROOT, secret="s"))
    assert graded.report.status == "ungraded" and not graded.notebooks
    assert "takes more than 10 s of the grader's time" in graded.report.message


@pytest.mark.sandbox
def test_a_notebook_that_takes_too_long_to_align_waits_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lab can be read, the theory cannot: nobody gets 0 for it. What was measured earlier
    stays when it is the turn of the lab.
    """
    align = align_module.align
    too_long = "theory"

    def slow(data: bytes | None, release: object, assignment: object, name: str) -> object:
        if name == too_long:
            signal.raise_signal(signal.SIGPROF)  # as when its time is used up
        return align(data, release, assignment, name)  # type: ignore[arg-type]

    monkeypatch.setattr(align_module, "align", slow)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted((ROOT / "release" / "vae").glob("*.ipynb")):
            archive.write(file, file.name)
    data, options = packed.getvalue(), Options(ROOT, secret="s")
    report = grade_one(data, "Ada_Lovelace_vae.zip", "vae", options).report
    assert report.status == "ungraded" and "reading theory.ipynb takes more" in report.message
    by_notebook = {each.notebook: each for each in report.questions}
    assert len(report.questions) == len(load("vae", ROOT).questions)
    assert by_notebook["theory"].outcome == "ungraded" and by_notebook["theory"].score is None
    assert by_notebook["theory"].notes and not by_notebook["lab"].notes
    code = [each for each in report.questions if each.kind == "code"]
    assert len(code) == 19 and {each.score for each in code} == {0.0}
    too_long = "lab"
    again = grade_one(data, "Ada_Lovelace_vae.zip", "vae", options, before=report).report
    (earlier,), (later,) = (
        [each for each in one.questions if each.kind == "quality"] for one in (report, again)
    )
    assert later == earlier and later.outcome == "graded"
    outcomes = {(each.notebook, each.outcome) for each in again.questions if each.kind == "code"}
    assert outcomes == {("lab", "ungraded"), ("beyond", "graded")}


def test_a_slot_that_the_kernel_ended_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file waits with a sentence for staff; one process was lost to it."""
    file = ROOT / "LICENSE"
    sent = []

    def send(slot: Any, task: tasks.Task, order: object, limit: float) -> None:
        """In place of the order: what the kernel does to a slot whose time is used up."""
        sent.append(task.index)
        slot.task, slot.expires = task, time.monotonic() + limit
        os.kill(slot.process.pid, signal.SIGXCPU)

    monkeypatch.setattr("autograder.executor.local._Slot.send", send)
    given = [tasks.Task(number, file, "vae") for number in range(2)]
    graded = dict(LocalExecutor(2).run(given, Options(ROOT, secret="s")))
    assert [TOO_LONG in " ".join(one.report.staff_notes) for one in graded.values()] == [True] * 2
    assert sorted(sent) == [0, 1]


@pytest.mark.sandbox
def test_calls_that_never_come_back_cost_less_and_less() -> None:
    """Twelve questions hang. The first ones get all of the time, the next ones a fifth of it, and
    the last ones wait for a person. What comes back is graded as ever.
    """
    hangs = [f"hangs_{number}" for number in range(12)]
    source = "\n".join(f"def {name}(*args):\n    while True: pass" for name in hangs)
    cells = [
        AlignedCell(  # type: ignore[arg-type]
            kind="answer",
            name="all",
            source=source,
            found="grade_id",
            blank=False,
            cell_type="code",
        )
    ]
    limits = Limits(cell_s=5.0, call_s=1.0, hung_s=4.0)
    with Sandbox(ROOT, memory_mb=512, cpu_s=120) as sandbox:
        run = NotebookRun(sandbox, cells, limits, time.monotonic() + 100)
        waits, lost = [], []
        for name in hangs:
            before = run.patience.lost_s
            for _ in range(2):
                if not run.patience.over:
                    with pytest.raises(StudentError):
                        getattr(run.student(), name)(1)
            run.forget()
            waits.append(run.patience.over)
            lost.append(run.patience.lost_s - before)
        assert run.patience.lost_s < limits.hung_s + 0.5
        assert lost[0] > 1.1 and max(lost[3:]) < 0.5 and waits[-1] and not waits[3]
        question = load("vae", ROOT).questions["kl_divergence"]
        result = QuestionResult(
            name="kl_divergence", title="", notebook="lab", kind="code", points=4.0
        )
        grade_question("vae", question, run, "s", result)
        assert (result.outcome, result.notes) == ("ungraded", [WAITS])


@pytest.mark.sandbox
def test_checks_that_keep_the_grader_busy_wait_with_all_that_come_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a check does with a result of the student's may take hours, and a check catches what its
    own code raises.
    """

    def dear(**_: object) -> None:
        while True:
            with contextlib.suppress(Exception):
                _busy(0.01)

    assignment = load("vae", ROOT)
    checks = suite("vae", "kl_divergence")
    monkeypatch.setattr(
        judge, "suite", lambda *_: [replace(each, function=dear, takes=()) for each in checks]
    )
    with Sandbox(ROOT, memory_mb=512, cpu_s=120) as sandbox:
        run = NotebookRun(sandbox, [], Limits(), time.monotonic() + 100, checking=CpuBudget(0.3))
        for name, note in (("kl_divergence", BUSY), ("reparameterize", WAITS)):
            question = assignment.questions[name]
            result = QuestionResult(
                name=name, title="", notebook="lab", kind="code", points=question.points
            )
            grade_question("vae", question, run, "s", result)
            assert (result.outcome, result.score, result.notes) == ("ungraded", None, [note])


def test_patience_is_short_after_half_of_it_and_over_after_all() -> None:
    patience = Patience(60.0, lost_s=31.0)
    assert patience.short and not patience.over
    patience.lost_s = 61.0
    assert patience.over


def _busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
