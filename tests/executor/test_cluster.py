"""Grading on a Dask cluster of two local workers: the same reports as here, whatever dies; and
nothing of ours is needed or left there.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")

from distributed import LocalCluster, Reschedule
from test_executor import OPTIONS, ROOT, file_of, tasks_of, without_times

from autograder.errors import AutograderError, CourseError
from autograder.executor import bundle, cluster, cluster_worker, slot
from autograder.executor import choose as executor
from autograder.executor.cluster import DaskExecutor
from autograder.executor.cluster_worker import CoursePlugin, unpack
from autograder.executor.local import LocalExecutor
from autograder.executor.tasks import Task


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two workers in a folder of their own, which is all that they have of this machine's disk as
    far as they know.
    """
    elsewhere, here = tmp_path_factory.mktemp("workers"), Path.cwd()
    os.chdir(elsewhere)
    try:
        running = LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            local_directory=str(elsewhere),
            silence_logs=50,
        )
    finally:
        os.chdir(here)
    with running:
        yield running


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the workers said of themselves before the class started."""
    seen: dict[str, dict[str, Any]] = {}
    check = cluster._check_workers
    monkeypatch.setattr(
        cluster, "_check_workers", lambda workers: (seen.update(workers), check(workers))[1]
    )
    return seen


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    """Good, wrong, crashing, without a notebook, not a zip."""
    from tests.hostile.attack import Material

    folder, material = tmp_path_factory.mktemp("class"), Material(ROOT)
    data = {
        "Ada": material.zip(),
        "Ben": material.code("def bernoulli_nll(x, logits):\n    return x.sum()"),
        "Cleo": material.code("import os; os._exit(3)"),
        "Dan": material.zip({"theory": material.notebooks()["theory"]}),
        "Eva": b"not a zip",
    }
    return [
        Task(index, file_of(folder, name, content), "vae")
        for index, (name, content) in enumerate(data.items())
    ]


@pytest.fixture(scope="module")
def at_home(submissions: list[Task]) -> dict[int, Any]:
    graded = dict(LocalExecutor(2).run(submissions, OPTIONS))
    assert [graded[index].report.status for index in range(5)] == [*["graded"] * 4, "rejected"]
    return {index: without_times(one) for index, one in graded.items()}


def left_behind(dask: LocalCluster) -> list[str]:
    """Folders and grading processes of ours."""
    scratch = Path(next(iter(dask.scheduler.workers.values())).local_directory).parent
    listed = subprocess.run(
        ["ps", "axo", "args"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [
        *map(str, scratch.rglob("autograder*")),
        *[line for line in listed if "-m autograder.executor.slot" in line],
    ]


@pytest.mark.sandbox
def test_reports_are_those_of_this_machine_and_the_sent_copy_made_them(
    dask: LocalCluster,
    submissions: list[Task],
    at_home: dict[int, Any],
    told: dict[str, dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    graded = dict(DaskExecutor(dask.scheduler_address).run(submissions, OPTIONS))
    for index, expected in at_home.items():
        assert without_times(graded[index]) == expected
    scratch = {
        address: worker.local_directory for address, worker in dask.scheduler.workers.items()
    }
    assert len(told) == 2
    for address, worker in told.items():
        assert worker["file"].startswith(f"{scratch[address]}/autograder-")
        assert worker["versions"]["torch"]
        assert graded[0].report.isolation.casefold().startswith(worker["isolation"])
    assert "2 worker(s)" in capsys.readouterr().err
    assert left_behind(dask) == []
    assert not dask.scheduler.worker_plugins.keys() & {
        name for name in dask.scheduler.worker_plugins if name.startswith("autograder")
    }


@pytest.mark.sandbox
def test_a_worker_that_dies_in_mid_class_loses_nothing(
    dask: LocalCluster, submissions: list[Task], at_home: dict[int, Any]
) -> None:
    graded: dict[int, Any] = {}
    for index, one in DaskExecutor(dask.scheduler_address).run(submissions, OPTIONS):
        if not graded:
            busy = next(worker for worker in dask.scheduler.workers.values() if worker.processing)
            os.kill(busy.pid, signal.SIGKILL)
        graded[index] = without_times(one)
    for index, expected in at_home.items():
        assert graded[index] == expected
    assert left_behind(dask) == []


DEADLY = """
import os, signal

def _deadly(data, file, *rest, grade_one=grade_one):
    if file.startswith("Kills"):
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_one(data, file, *rest)

grade_one = _deadly
"""


def test_a_submission_that_kills_every_slot_waits_alone(
    dask: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = tmp_path / "tasks.py"
    deadly.write_text(
        (ROOT / "autograder" / "executor" / "tasks.py").read_text(encoding="utf-8") + DEADLY,
        encoding="utf-8",
    )
    members = bundle.members
    monkeypatch.setattr(
        bundle, "members", lambda root: members(root) | {"autograder/executor/tasks.py": deadly}
    )
    graded = dict(
        DaskExecutor(dask.scheduler_address).run(
            tasks_of(tmp_path, "Ada", "Kills", "Ben", "Cleo"), OPTIONS
        )
    )
    assert [graded[index].report.status for index in range(4)] == [
        "rejected",
        "ungraded",
        "rejected",
        "rejected",
    ]
    assert "was lost" in graded[1].report.staff_notes[0]
    assert left_behind(dask) == []


def test_a_file_that_cannot_be_read_stops_nobody_and_giving_up_leaves_nothing(
    dask: LocalCluster, tmp_path: Path
) -> None:
    todo = [Task(9, tmp_path / "Gone_vae.zip", "vae"), *tasks_of(tmp_path, "Ada", "Ben")]
    run = DaskExecutor(dask.scheduler_address).run(todo, OPTIONS)
    index, gone = next(run)
    assert (index, gone.report.status) == (9, "ungraded")
    run.close()
    assert left_behind(dask) == []


def test_a_scheduler_that_is_lost_is_said_and_what_was_graded_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 3.0)
    dask = LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        local_directory=str(tmp_path),
        silence_logs=50,
    )
    run = DaskExecutor(dask.scheduler_address).run(
        tasks_of(tmp_path, *map(str, range(40))), OPTIONS
    )
    try:
        assert next(run)[1].report.status == "rejected"
        dask.close()
        with pytest.raises(AutograderError, match=r"scheduler at tcp.* was lost"):
            list(run)
    finally:
        dask.close()


def test_an_address_without_a_scheduler_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 1.0)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(AutograderError, match="no Dask scheduler at"):
            list(DaskExecutor(address).run(tasks_of(tmp_path, "Ada"), OPTIONS))


def plugin(**changed: Any) -> CoursePlugin:
    given = {
        "name": "autograder-test",
        "bundle": bundle.make(ROOT),
        "digest": bundle.digest_of(ROOT),
        "options": slot.pack_options(OPTIONS),
    }
    return CoursePlugin(**(given | {"environment": {}, "packages": cluster.PACKAGES} | changed))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"digest": "0" * 64}, "another copy of the grader"),
        (
            {"packages": [*cluster.PACKAGES, "no-such-package"]},
            "no-such-package not installed: pip install",
        ),
    ],
)
def test_a_worker_that_cannot_grade_says_why_and_gives_tasks_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], problem: str
) -> None:
    monkeypatch.setattr(cluster_worker, "UNFIT_PAUSE_S", 0.0)
    unfit, worker = (
        plugin(**changed),
        SimpleNamespace(local_directory=str(tmp_path), state=SimpleNamespace(nthreads=1)),
    )
    asyncio.run(unfit.setup(worker))
    try:
        assert problem in unfit.describe()["problem"]
        with pytest.raises(Reschedule):
            unfit.grade(b"", 1.0)
        with pytest.raises(AutograderError, match=f"none of the 1 workers can grade:\n.*{problem}"):
            cluster._check_workers({"tcp://a": unfit.describe()})
    finally:
        asyncio.run(unfit.teardown(worker))
    assert list(tmp_path.iterdir()) == []


def test_other_versions_of_torch_and_unfit_workers_are_told_before_the_class(
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = {
        "host": "a",
        "python": "3.11",
        "cpu": "x",
        "threads": 1,
        "versions": cluster_worker.versions(cluster.PACKAGES),
        "file": "",
        "isolation": "bubblewrap",
        "problem": "",
    }
    old = good | {"versions": {**good["versions"], "torch": "1.0"}}  # type: ignore[dict-item]
    cluster._check_workers(
        {"tcp://a": good, "tcp://b": old, "tcp://c": good | {"problem": "no disk"}}
    )
    said = capsys.readouterr().err
    assert "workers have 1.0" in said
    assert "1 of 3 workers cannot grade and are left out: tcp://c" in said


def test_the_secret_is_not_in_what_dask_writes_to_its_logs() -> None:
    assert OPTIONS.secret in json.loads(slot.pack_options(OPTIONS))["secret"]
    shown = repr(plugin(options=b"the-secret"))
    assert "the-secret" not in shown


def test_the_bundle_is_all_that_grading_needs_and_no_known_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = set(bundle.members(ROOT))
    assert {
        "autograder/suites/vae/kl_divergence/checks.py",
        "assignments/vae/assignment.toml",
        "release/vae/lab.ipynb",
    } <= names
    assert not [
        name
        for name in names
        if "__pycache__" in name
        or name.endswith(("/answers.py", "equivalent.toml", "lab.py", "theory.md"))
    ]
    unpack(bundle.make(ROOT), tmp_path / "course")
    environment = {"PYTHONPATH": str(tmp_path / "course"), "PATH": os.environ["PATH"]}
    line = (
        "from autograder.executor import bundle; from pathlib import Path; "
        "print(bundle.__file__, bundle.digest_of(Path.cwd()))"
    )
    printed = subprocess.run(
        [sys.executable, "-B", "-c", line],
        env=environment,
        cwd=tmp_path / "course",
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.split() == [
        str(tmp_path / "course" / "autograder" / "executor" / "bundle.py"),
        bundle.digest_of(ROOT),
    ]
    (tmp_path / "course" / "data" / "digits.npz").write_bytes(b"other")
    assert bundle.digest_of(tmp_path / "course") != bundle.digest_of(ROOT)
    monkeypatch.setattr(bundle, "MAX_BYTES", 1000)
    with pytest.raises(CourseError, match="too large to send"):
        bundle.make(ROOT)


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "a\\b", "a//b"])
def test_a_bundle_with_a_name_that_leads_elsewhere_is_not_unpacked(
    tmp_path: Path, name: str
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(RuntimeError, match="the bundle holds a file named"):
        unpack(buffer.getvalue(), tmp_path / "in")
    assert list(tmp_path.rglob("outside")) == []


def test_without_dask_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(AutograderError, match="pip install"):
        executor.choose_executor(1, "tcp://127.0.0.1:8786")
