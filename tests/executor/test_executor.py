"""Local grading: every task has an outcome, whatever dies, hangs or cannot be read; and nothing is
left running.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.executor import local, slot, tasks
from autograder.executor.choose import choose_executor
from autograder.executor.local import LocalExecutor
from autograder.executor.tasks import Order, Task
from autograder.grading.grade import Graded, Options
from autograder.intake.archive import IntakeLimits
from autograder.report import Sender

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT))  # for the makers of submissions in tests/hostile

OPTIONS = Options(root=ROOT, secret="s")
run_slot = slot.run


def file_of(folder: Path, name: str, data: bytes = b"not a zip") -> Path:
    """A hand-in; by default one that is rejected, which needs no sandbox."""
    file = folder / f"{name}_vae.zip"
    file.write_bytes(data)
    return file


def tasks_of(folder: Path, *names: str) -> list[Task]:
    return [Task(index, file_of(folder, name), "vae") for index, name in enumerate(names)]


def without_times(graded: Graded) -> Any:
    """All of an outcome but when it was made and how long that took."""
    plain = msgspec.to_builtins(graded)
    plain["report"] |= {"seconds": 0, "graded_at": ""}
    for question in plain["report"]["questions"]:
        for check in question["checks"]:
            check["seconds"] = 0
    return plain


def slot_with_deeds(connection: Connection, options: Options) -> None:
    """A slot whose grader does what the file's name says."""
    original = tasks.grade_one

    def grade_one(data: bytes, file: str, *rest: Any) -> Graded:
        tally = Path(os.environ["TALLY"]) / f"{file}.{os.getpid()}"
        tally.touch()
        if file.startswith("Kills") and (
            not file.startswith("KillsOnce") or len(list(tally.parent.glob(f"{file}.*"))) == 1
        ):
            os.kill(os.getpid(), signal.SIGKILL)
        if file.startswith("Hangs"):
            time.sleep(600)
        return original(data, file, *rest)

    tasks.grade_one = grade_one
    run_slot(connection, options)


@pytest.fixture
def tally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Slots do what names say; gives how many processes have tried a file."""
    folder = tmp_path / "tally"
    folder.mkdir()
    monkeypatch.setattr(slot, "run", slot_in(folder))
    return lambda name: len(list(folder.glob(f"{name}_vae.zip.*")))


class slot_in:
    """`slot_with_deeds` with its folder, which the fork server's environment does not have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, connection: Connection, options: Options) -> None:
        os.environ["TALLY"] = str(self.folder)
        slot_with_deeds(connection, options)


def test_several_slots_give_what_one_process_gives(tmp_path: Path) -> None:
    todo = tasks_of(tmp_path, "Ada", "Ben", "Cleo", "Dan", "odd \udc80 name")
    here = dict(LocalExecutor(1).run(todo, OPTIONS))
    there = dict(LocalExecutor(3).run(todo, OPTIONS))
    assert sorted(there) == [0, 1, 2, 3, 4]
    assert {graded.report.status for graded in there.values()} == {"rejected"}
    assert {i: without_times(graded) for i, graded in there.items()} == {
        i: without_times(graded) for i, graded in here.items()
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_that_cannot_be_read_or_are_too_large_are_told_and_stop_nobody(
    tmp_path: Path, jobs: int
) -> None:
    large = file_of(tmp_path, "Large")
    os.truncate(large, IntakeLimits().archive_bytes + 1)
    todo = [
        Task(0, tmp_path / "Gone_vae.zip", "vae"),
        Task(1, large, "vae"),
        Task(2, file_of(tmp_path, "Ada"), "vae"),
    ]
    outcome = dict(LocalExecutor(jobs).run(todo, OPTIONS))
    gone, too_large, ada = (outcome[index].report for index in range(3))
    assert (gone.status, gone.student.id) == ("ungraded", "Gone")
    assert "cannot be read" in gone.staff_notes[0]
    assert (too_large.status, too_large.file) == ("rejected", "Large_vae.zip")
    assert "larger than the limit" in too_large.message
    assert "valid" in ada.message or "zip" in ada.message


def test_only_the_task_that_kills_its_slot_twice_is_blamed(
    tmp_path: Path, tally: Callable[[str], int]
) -> None:
    names = ["Ada", "KillsAlways", "Ben", "KillsOnce", "Cleo", "Dan"]
    outcome = dict(LocalExecutor(2).run(tasks_of(tmp_path, *names), OPTIONS))
    statuses = [outcome[index].report.status for index in range(len(names))]
    assert statuses == ["rejected", "ungraded", "rejected", "rejected", "rejected", "rejected"]
    assert "exit code -9" in outcome[1].report.staff_notes[0]
    assert "exit code" not in outcome[1].report.message
    assert [tally(name) for name in names] == [1, 2, 1, 2, 1, 1]


def test_a_slot_that_hangs_is_stopped_and_not_tried_again(
    tmp_path: Path, tally: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        local, "limit_s", lambda task, options: 5.0 if task.file.name.startswith("Hangs") else 120.0
    )
    todo = tasks_of(tmp_path, "Ada", "Hangs", "Ben")
    outcome = dict(LocalExecutor(2).run(todo, OPTIONS))
    assert [outcome[index].report.status for index in range(3)] == [
        "rejected",
        "ungraded",
        "rejected",
    ]
    assert "no answer in time" in outcome[1].report.staff_notes[0]
    assert tally("Hangs") == 1


def test_a_class_that_is_given_up_leaves_no_process(
    tmp_path: Path, tally: Callable[[str], int]
) -> None:
    todo = tasks_of(tmp_path, "Ada", "Hangs", "HangsToo", "Ben")
    run = LocalExecutor(3).run(todo, OPTIONS)
    next(run)
    assert active_children()
    run.close()
    assert not active_children()


def threads_and_gradients(connection: Connection) -> None:
    """What a fork finds: modules, the fork server's threads, its own torch threads; and that
    autograd runs in it.
    """
    preloaded = "torch" in sys.modules and "autograder.checks.judge" in sys.modules
    server_threads = len(os.listdir(f"/proc/{os.getppid()}/task"))
    import torch

    weight = torch.randn(300, 300, requires_grad=True)
    (gradient,) = torch.autograd.grad(
        (torch.randn(300, 300) @ weight).square().sum(), weight, create_graph=True
    )
    gradient.square().sum().backward()
    assert weight.grad is not None
    connection.send(
        (preloaded, server_threads, torch.get_num_threads(), bool(weight.grad.isfinite().all()))
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_forks_have_torch_one_thread_and_working_gradients(tmp_path: Path) -> None:
    assert (
        len(dict(LocalExecutor(2).run(tasks_of(tmp_path, "Ada", "Ben"), OPTIONS))) == 2
    )  # the server is up
    ours, theirs = get_context("forkserver").Pipe()
    process = get_context("forkserver").Process(
        target=threads_and_gradients, args=(theirs,), daemon=True
    )
    process.start()
    assert ours.poll(60), "autograd hangs in a fork"
    assert ours.recv() == (True, 1, 1, True)
    process.join(30)


CLASS_OF_HANGING = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_executor import *

if __name__ == "__main__":
    folder = Path({folder!r})
    slot.run = slot_in(folder)
    for _ in LocalExecutor(2).run(tasks_of(folder, "Hangs", "HangsToo"), OPTIONS):
        pass
"""


def processes_of(group: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                entry.name.isdigit()
                and os.getpgid(int(entry.name)) == group
                and "State:\tZ" not in (entry / "status").read_text()
            ):
                found.append(int(entry.name))
    return found


def wait_until(true: Callable[[], bool], limit_s: float) -> bool:
    ends = time.monotonic() + limit_s
    while not true() and time.monotonic() < ends:
        time.sleep(0.1)
    return true()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("how", ["ctrl-c", "killed"])
def test_nothing_runs_on_after_the_class_was_ended_from_outside(tmp_path: Path, how: str) -> None:
    script = tmp_path / "class_of_hanging.py"
    script.write_text(
        CLASS_OF_HANGING.format(tests=str(ROOT / "tests" / "executor"), folder=str(tmp_path)),
        encoding="utf-8",
    )
    running = subprocess.Popen(
        [sys.executable, str(script)], stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert wait_until(lambda: len(list(tmp_path.glob("Hangs*_vae.zip.*"))) == 2, 120), (
            "the class did not start"
        )
        if how == "ctrl-c":
            os.killpg(
                running.pid, signal.SIGINT
            )  # as a terminal does: to every process of the group
        else:
            running.kill()
        running.wait(20)
        assert wait_until(lambda: not processes_of(running.pid), 20), "processes are left"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def test_the_fork_server_imports_no_compiler_unless_it_is_asked_for() -> None:
    script = """
import sys, torch
import autograder.executor.preload
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(net.parameters())
net(torch.ones(3, 2)).sum().backward()
optimizer.step()
assert (torch.zeros(2, device="meta") + 1).shape == (2,)
assert "torch._dynamo.eval_frame" not in sys.modules
assert torch.func.grad(lambda x: x**3)(torch.tensor(2.0)) == 12
assert float(torch.compile(lambda x: 2 * x, backend="eager")(torch.tensor(3.0))) == 6
assert "torch._dynamo.eval_frame" in sys.modules
import torch._dynamo
assert callable(torch._dynamo.optimize)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def test_an_address_means_dask_and_none_means_this_machine() -> None:
    pytest.importorskip("distributed")
    from autograder.executor.cluster import DaskExecutor

    assert isinstance(choose_executor(3, "tcp://scheduler:8786"), DaskExecutor)
    local = choose_executor(3)
    assert isinstance(local, LocalExecutor)
    assert local.jobs == 3
    assert choose_executor(0).jobs >= 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(("mib", "slots"), [(1000, 1), (4000, 1), (8000, 2), (64000, 5)])
def test_submissions_that_use_all_their_memory_fit_side_by_side(
    mib: int, slots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.executor import local

    monkeypatch.setattr(local, "memory_mib", lambda: mib)
    monkeypatch.setattr(local, "n_cores", lambda: 4)
    assert local.default_jobs() == slots
    assert local.default_jobs(300) >= slots


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Task]]:
    from tests.hostile.attack import Material

    folder, material = tmp_path_factory.mktemp("class"), Material(ROOT)
    good, crashing = material.zip(), material.code("import os; os._exit(3)")
    yield [
        Task(0, file_of(folder, "Ada", good), "vae"),
        Task(1, file_of(folder, "Ben", crashing), "vae"),
    ]


@pytest.mark.sandbox
def test_real_submissions_are_graded_alike_in_slots_and_here(submissions: list[Task]) -> None:
    here = dict(LocalExecutor(1).run(submissions, OPTIONS))
    there = dict(LocalExecutor(2).run(submissions, OPTIONS))
    assert here[0].report.totals.auto > 0
    assert [without_times(there[index]) for index in (0, 1)] == [
        without_times(here[index]) for index in (0, 1)
    ]


def test_our_fault_keeps_who_uploaded_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else three students who each call their file `vae.zip` become one."""

    def broken(*given: Any) -> Graded:
        raise RuntimeError("ours")

    monkeypatch.setattr(tasks, "grade_one", broken)
    found = []
    for name in ("Ada Lovelace", "Ben Turing"):
        sender = Sender(platform="moodle", file="vae.zip", name=name, account=name)
        report = tasks.grade(Order(file=f"{name}/vae.zip", slug="vae", sender=sender), OPTIONS)
        assert report.report.sender == sender
        assert report.report.status == "ungraded"
        found.append(report.report.student.id)
    assert len(set(found)) == 2
