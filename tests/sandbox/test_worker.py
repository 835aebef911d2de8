"""The worker under bubblewrap: what it can do for a check, and what it cannot do to us."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.errors import IsolationError, StudentError
from autograder.proxy import Session, Student
from autograder.sandbox import isolation
from autograder.sandbox.host import Sandbox

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ROOT, memory_mb=512, cpu_s=120) as running:
        yield running


@pytest.fixture
def student(sandbox: Sandbox) -> Student:
    channel = sandbox.fork()
    channel.limit_s = 20
    return Student(Session(channel))


def run(student: Student, source: str, limit_s: float = 20) -> None:
    student._session.channel.limit_s = limit_s  # type: ignore[attr-defined]
    student._session.ask("exec", "cell", source)


def value(student: Student, source: str) -> Any:
    run(student, f"answer = {source}")
    return student._read("answer")


def test_cells_run_as_in_jupyter(student: Student) -> None:
    run(student, "%matplotlib inline\nimport torch, dgm\ndef double(x):\n    return 2 * x\n")
    x = torch.ones(3, requires_grad=True)
    student.double(x).sum().backward()
    torch.testing.assert_close(x.grad, torch.full((3,), 2.0))


def test_a_cell_that_raises_keeps_what_it_had_done_and_says_where(student: Student) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, "kept = 1\n1 / 0\n")
    assert (caught.value.line, caught.value.source) == (2, "1 / 0")
    assert student._read("kept") == 1


LOOK_AROUND = """
import os
libraries = ("/.venv/", "site-packages", "/lib/python3")
words = ("autograder", "/course", "suites", "reference", "gradebook", "assignment.toml")
paths = [os.path.join(d, f) for d, _, fs in os.walk("/") if not d.startswith(("/proc", "/usr", "/sys")) for f in fs]
ours = [path for path in paths if any(word in path for word in words) and not any(part in path for part in libraries)]
"""


def test_nothing_of_the_grader_or_the_course_is_there_but_what_a_student_has(student: Student) -> None:
    run(student, LOOK_AROUND)
    ours = student._read("ours")
    assert {path for path in ours if "autograder" in path} == {f"/grader/autograder/{name}" for name in isolation.WORKER_FILES}
    assert not [path for path in ours if path.startswith("/course") and not path.startswith(("/course/dgm", "/course/data"))]
    assert not [path for path in ours if path.endswith((".autograder-secret", "gradebook.db", "assignment.toml"))]


def test_the_environment_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "secret-of-the-grader")
    with Sandbox(ROOT) as fresh:
        student = Student(Session(fresh.fork()))
        assert "secret-of-the-grader" not in repr(value(student, "dict(__import__('os').environ)"))
        assert "secret-of-the-grader" not in value(
            student, "open('/proc/1/environ').read() if __import__('os').access('/proc/1/environ', 4) else ''"
        )


@pytest.mark.parametrize("path", ["/usr/x", "/x", "/dev/x", "/course/data/x", "/grader/autograder/x", "/etc/x"])
def test_only_scratch_can_be_written(student: Student, path: str) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, f"open({path!r}, 'w')")
    assert caught.value.kind in ("OSError", "PermissionError", "FileNotFoundError")
    run(student, "open('/tmp/mine', 'w').write('fine')")


def test_there_is_no_network(student: Student) -> None:
    with pytest.raises(StudentError):
        run(student, "import socket; socket.create_connection(('127.0.0.1', 22), 1)")
    assert value(student, "open('/proc/net/dev').read()").count(":") == 1  # the loopback alone


def test_memory_and_file_size_have_limits_that_raise_in_the_cell(student: Student) -> None:
    with pytest.raises(StudentError, match="memory"):
        run(student, "import torch; torch.zeros(2**30)")
    with pytest.raises(StudentError, match="File too large"):
        run(student, "open('/tmp/big', 'wb').write(b'x' * (70 * 2**20))")
    assert value(student, "1 + 1") == 2


def test_an_endless_loop_is_stopped_and_the_next_worker_is_fresh(sandbox: Sandbox, student: Student) -> None:
    run(student, "left_behind = 1\nimport subprocess\nsubprocess.Popen(['sleep', '600'], start_new_session=True)")
    start = time.monotonic()
    with pytest.raises(StudentError, match=r"longer than 0\.5 s") as caught:
        run(student, "while True: pass", limit_s=0.5)
    assert caught.value.fatal
    fresh = Student(Session(sandbox.fork()))
    assert time.monotonic() - start < 10
    with pytest.raises(StudentError, match="left_behind"):
        fresh._read("left_behind")
    commands = value(fresh, "[open(f'/proc/{p}/cmdline').read() for p in __import__('os').listdir('/proc') if p.isdigit()]")
    assert not [line for line in commands if "sleep" in line]


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os\nfor fd in range(3, 200):\n    try: os.close(fd)\n    except OSError: pass",
    ],
)
def test_a_worker_that_ends_itself_is_a_crash_of_the_student(sandbox: Sandbox, student: Student, source: str) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, source)
    assert caught.value.kind == "Crash"
    assert value(Student(Session(sandbox.fork())), "2") == 2


def test_killing_the_zygote_costs_nobody_else(sandbox: Sandbox, student: Student) -> None:
    with pytest.raises(StudentError):
        run(student, "import os, signal, time\nos.kill(2, signal.SIGKILL)\ntime.sleep(5)")
    assert value(Student(Session(sandbox.fork())), "3") == 3


FORGE = """
import os
for fd in range(3, 64):
    try:
        if os.readlink(f"/proc/self/fd/{fd}").startswith("socket"):
            os.write(fd, b"\\xff" * 32)
    except OSError:
        pass
"""


def test_frames_forged_on_the_pipe_are_only_the_students_own_loss(sandbox: Sandbox, student: Student) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, FORGE)
    assert caught.value.kind == "ProtocolError"
    assert value(Student(Session(sandbox.fork())), "4") == 4


def test_the_zygote_cannot_be_looked_into(student: Student) -> None:
    with pytest.raises(StudentError):
        run(student, "open('/proc/2/mem', 'rb').read(1)")


def test_without_isolation_it_runs_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_problem", lambda: "there is none")
    with pytest.raises(IsolationError, match="--isolation none"):
        Sandbox(ROOT)
    with Sandbox(ROOT, mode="none") as trusted:
        assert value(Student(Session(trusted.fork())), "__import__('os').getppid()") != os.getpid()
        with pytest.raises(StudentError):
            run(Student(Session(trusted.fork())), "while True: pass", limit_s=0.5)
        assert value(Student(Session(trusted.fork())), "5") == 5
