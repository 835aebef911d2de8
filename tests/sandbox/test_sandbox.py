"""The worker under each isolation: what it can do for a check, and what it cannot do to us."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.errors import IsolationError, StudentError
from autograder.sandbox import isolation
from autograder.sandbox.client import Sandbox
from autograder.sandbox.launcher import Launcher
from autograder.sandbox.proxy import Session, Student, read_name, session_of
from autograder.worker import supervisor

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module", params=["bubblewrap", "landlock"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    try:
        isolation.choose(request.param)
    except IsolationError as error:
        pytest.skip(error.message)
    with Sandbox(ROOT, mode=request.param, memory_mb=512, cpu_s=120) as running:
        yield running


@pytest.fixture
def student(sandbox: Sandbox) -> Student:
    channel = sandbox.fork()
    channel.limit_s = 20
    return Student(Session(channel))


def run(student: Student, source: str, limit_s: float = 20) -> None:
    session_of(student).channel.limit_s = limit_s  # type: ignore[attr-defined]
    session_of(student).ask("exec", "cell", source)


def value(student: Student, source: str) -> Any:
    run(student, f"answer = {source}")
    return read_name(student, "answer")


def test_cells_run_as_in_jupyter(student: Student) -> None:
    run(student, "%matplotlib inline\nimport torch, dgm\ndef double(x):\n    return 2 * x\n")
    x = torch.ones(3, requires_grad=True)
    student.double(x).sum().backward()
    torch.testing.assert_close(x.grad, torch.full((3,), 2.0))


def test_a_cell_that_raises_keeps_what_it_had_done_and_says_where(student: Student) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, "kept = 1\n1 / 0\n")
    assert (caught.value.line, caught.value.source) == (2, "1 / 0")
    assert read_name(student, "kept") == 1


LOOK_AROUND = """
import os
libraries = ("/.venv/", "site-packages", "/lib/python3")
words = ("autograder", "/course", "suites", "oracle", "gradebook", "assignment.toml")
paths = [os.path.join(d, f) for d, _, fs in os.walk("/") if not d.startswith(("/proc", "/usr", "/sys")) for f in fs]
ours = [path for path in paths if any(word in path for word in words) and not any(part in path for part in libraries)]
"""


def test_nothing_of_the_grader_or_the_course_is_there_but_what_a_student_has(
    sandbox: Sandbox, student: Student
) -> None:
    run(student, LOOK_AROUND)
    if sandbox.mode == "landlock":  # no folder of the course but these can even be listed
        assert {path.rsplit("/", 1)[0] for path in read_name(student, "ours")} <= {
            f"{ROOT}/autograder/worker",
            f"{ROOT}/assignments/dgm",
            f"{ROOT}/data",
        }
        return
    ours = read_name(student, "ours")
    assert {path for path in ours if "autograder" in path} == {
        f"/grader/autograder/worker/{file.name}" for file in isolation.WORKER.glob("*.py")
    }
    assert not [
        path
        for path in ours
        if path.startswith("/course") and not path.startswith(("/course/dgm", "/course/data"))
    ]
    assert not [
        path
        for path in ours
        if path.endswith((".autograder-secret", "gradebook.db", "assignment.toml"))
    ]


READ_ENVIRONMENTS = """
import glob, os
loot = repr(dict(os.environ))
for path in glob.glob("/proc/*/environ"):
    try:
        loot += open(path).read()
    except OSError:
        pass
"""


def test_the_environment_holds_nothing_of_ours(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "secret-of-the-grader")
    with (
        Launcher(ROOT, sandbox.mode) as fresh,
        Sandbox(ROOT, mode=sandbox.mode, address=fresh.address) as place,
    ):
        student = Student(Session(place.fork()))
        run(student, READ_ENVIRONMENTS)
        loot = read_name(student, "loot")
    assert "OMP_NUM_THREADS" in loot
    assert "secret-of-the-grader" not in loot


@pytest.mark.parametrize(
    "path", ["/usr/x", "/x", "/dev/x", "/course/data/x", "/grader/autograder/x", "/etc/x"]
)
def test_only_scratch_can_be_written(student: Student, path: str) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, f"open({path!r}, 'w')")
    assert caught.value.kind in ("OSError", "PermissionError", "FileNotFoundError")
    run(student, "import os; open(os.environ['TMPDIR'] + '/mine', 'w').write('fine')")


def test_a_python_under_tmp_is_not_hidden_by_the_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        Path(folder, "module.py").write_text("here = 1", encoding="utf-8")
        folders = [*isolation.python_folders(), Path(folder)]
        monkeypatch.setattr(isolation, "python_folders", lambda: folders)
        with (
            Launcher(ROOT, "bubblewrap") as zygote,
            Sandbox(ROOT, mode="bubblewrap", address=zygote.address) as place,
        ):
            student = Student(Session(place.fork()))
            assert value(student, f"open({folder + '/module.py'!r}).read()") == "here = 1"
            run(student, "import os; open(os.environ['TMPDIR'] + '/mine', 'w').write('fine')")


@pytest.mark.parametrize(
    "kind",
    [
        "AF_INET, socket.SOCK_STREAM",
        "AF_INET, socket.SOCK_DGRAM",
        "AF_INET6",
        "AF_NETLINK, socket.SOCK_RAW",
    ],
)
def test_there_is_no_network(student: Student, kind: str) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, f"import socket; socket.socket(socket.{kind})")
    assert caught.value.kind == "PermissionError"


def test_sockets_of_this_machine_cannot_be_reached(student: Student, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as path, socket.socket(socket.AF_UNIX) as abstract:
        path.bind(str(tmp_path / "s"))
        abstract.bind("\0autograder-test")
        path.listen()
        abstract.listen()
        for address in (str(tmp_path / "s"), "\0autograder-test"):
            with pytest.raises(StudentError):
                run(student, f"import socket; socket.socket(socket.AF_UNIX).connect({address!r})")


def test_memory_and_file_size_have_limits_that_raise_in_the_cell(student: Student) -> None:
    with pytest.raises(StudentError, match="memory"):
        run(student, "import torch; torch.zeros(2**30)")
    with pytest.raises(StudentError, match="File too large"):
        run(
            student,
            "import os; open(os.environ['TMPDIR'] + '/big', 'wb').write(b'x' * (70 * 2**20))",
        )
    assert value(student, "1 + 1") == 2


FILL_SCRATCH = """
import os, time
for i in range(30):
    open(os.environ["TMPDIR"] + f"/{i}", "wb").write(b"x" * (20 * 2**20))
time.sleep(5)
"""


def test_scratch_is_capped_in_all(student: Student) -> None:
    """The kernel refuses, or the supervisor ends the process."""
    with pytest.raises(StudentError) as caught:
        run(student, FILL_SCRATCH)
    assert caught.value.kind == "Crash" or "No space left" in str(caught.value)


FLOOD = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1) * (200 * 2**20))
        time.sleep(10)
time.sleep(10)
"""


def test_memory_counts_over_all_processes(student: Student) -> None:
    start = time.monotonic()
    with pytest.raises(StudentError) as caught:
        run(student, FLOOD)
    assert caught.value.kind == "Crash"
    assert time.monotonic() - start < 9


FORK_BOMB = """
import os, time
n = 0
try:
    while n < 10_000:
        if os.fork() == 0:
            time.sleep(30)
        n += 1
except OSError:
    pass
"""


def test_processes_have_a_limit(sandbox: Sandbox, student: Student) -> None:
    if not sandbox.layers.process_limit:
        pytest.skip("the kernel exempts root, and student code is root here")
    run(student, FORK_BOMB)
    assert 10 < read_name(student, "n") <= supervisor.PROCESSES


SESSIONS = """
import os, time
for _ in range({number}):
    if os.fork() == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
time.sleep({wait_s})
"""


def test_sessions_are_bounded_for_the_cores_are_shared_out_among_them(student: Student) -> None:
    run(student, SESSIONS.format(number=supervisor.SESSIONS - 1, wait_s=1))
    with pytest.raises(StudentError) as caught:
        run(student, SESSIONS.format(number=2, wait_s=10))
    assert caught.value.kind == "Crash"


def test_no_session_goes_before_the_grader_s_own() -> None:
    """Where an administrator put the grader's session back, also one that student code begins is
    put back as far.
    """
    if not Path("/proc/self/autogroup").is_file():
        pytest.skip("this kernel has no groups of sessions")
    program = f"""
import os, time
from pathlib import Path
import psutil
from autograder.sandbox.client import Sandbox
from autograder.sandbox.proxy import Session, Student, session_of
os.setsid()
time.sleep(0.2)
Path("/proc/self/autogroup").write_text("7")
code = "import subprocess, time; subprocess.Popen(['sleep', '77'], start_new_session=True); time.sleep(2)"
with Sandbox(Path({str(ROOT)!r}), memory_mb=300, cpu_s=60) as sandbox:
    session_of(Student(Session(sandbox.fork()))).ask("exec", "c", code)
    below = psutil.Process().children(recursive=True)
    (second,) = (one for one in below if one.name() == "sleep")
    for one in (second, second.parent()):
        print(Path(f"/proc/{{one.pid}}/autogroup").read_text().split()[-1])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.split() == ["7", "7"], done.stderr


SOCKETS = """
import os, socket, time
for _ in range({children}):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(100)]
        time.sleep(30)
        os._exit(0)
time.sleep({wait_s})
"""


def test_sockets_are_bounded_for_what_waits_in_them_is_in_no_process_s_memory(
    student: Student,
) -> None:
    run(student, SOCKETS.format(children=supervisor.SOCKETS // 200, wait_s=1))
    with pytest.raises(StudentError) as caught:
        run(student, SOCKETS.format(children=2, wait_s=10))
    assert caught.value.kind == "Crash"


def test_no_socket_is_made_to_hold_more(student: Student) -> None:
    run(
        student,
        "import socket\none, other = socket.socketpair()\n"
        "one.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)\nrefused = False\n"
        "try:\n    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)\n"
        "except PermissionError:\n    refused = True",
    )
    assert read_name(student, "refused") is True


def test_an_endless_loop_is_stopped_and_the_next_worker_is_fresh(
    sandbox: Sandbox, student: Student
) -> None:
    run(
        student,
        "left_behind = 1\nimport subprocess\nsubprocess.Popen(['sleep', '600'], "
        "start_new_session=True)",
    )
    start = time.monotonic()
    with pytest.raises(StudentError, match=r"longer than 0\.5 s") as caught:
        run(student, "while True: pass", limit_s=0.5)
    assert caught.value.fatal
    fresh = Student(Session(sandbox.fork()))
    assert time.monotonic() - start < 10
    with pytest.raises(StudentError, match="left_behind"):
        read_name(fresh, "left_behind")
    assert not running("sleep\x00600")


def running(command: str) -> list[str]:
    """Processes of this machine with these words in their command line."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if command in (line := file.read_text(errors="replace")):
                found.append(line)
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.execv('/bin/true', ['true'])",
        "import os\nfor fd in range(3, 200):\n    try: os.close(fd)\n    except OSError: pass",
    ],
)
def test_a_worker_that_ends_itself_is_a_crash_of_the_student(
    sandbox: Sandbox, student: Student, source: str
) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, source)
    assert caught.value.kind == "Crash"
    assert value(Student(Session(sandbox.fork())), "2") == 2


KILL_ALL = """
import os, signal
for pid in [-1, os.getppid(), *range(2, 300)]:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
"""


def test_signals_reach_nobody_else(sandbox: Sandbox) -> None:
    with Sandbox(ROOT, mode=sandbox.mode, memory_mb=512) as neighbour:
        other = Student(Session(neighbour.fork()))
        assert value(other, "1") == 1
        with contextlib.suppress(StudentError):
            run(Student(Session(sandbox.fork())), KILL_ALL)
        assert value(other, "2") == 2
    assert value(Student(Session(sandbox.fork())), "3") == 3


def test_a_dead_zygote_is_started_anew(sandbox: Sandbox) -> None:
    with (
        Launcher(ROOT, sandbox.mode) as zygote,
        Sandbox(ROOT, mode=sandbox.mode, address=zygote.address) as place,
    ):
        assert value(Student(Session(place.fork())), "1") == 1
        assert zygote._process is not None
        zygote._process.kill()
        assert value(Student(Session(place.fork())), "2") == 2


def test_nothing_is_left_when_the_zygote_ends(sandbox: Sandbox) -> None:
    with (
        Launcher(ROOT, sandbox.mode) as zygote,
        Sandbox(ROOT, mode=sandbox.mode, address=zygote.address) as place,
    ):
        run(
            Student(Session(place.fork())),
            "import subprocess\nsubprocess.Popen(['sleep', '601'], start_new_session=True)",
        )
        assert running("sleep\x00601")
        folder = Path(zygote.address).parent
    wait_until(lambda: not running("sleep\x00601"))
    assert not folder.exists()


def wait_until(condition: Callable[[], bool], limit_s: float = 10) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


FORGE = """
import os
for fd in range(3, 64):
    try:
        os.write(fd, b"\\xff" * 32)
    except OSError:
        pass
"""


def test_frames_forged_on_the_pipe_are_only_the_students_own_loss(
    sandbox: Sandbox, student: Student
) -> None:
    with pytest.raises(StudentError) as caught:
        run(student, FORGE)
    assert caught.value.kind == "ProtocolError"
    assert value(Student(Session(sandbox.fork())), "4") == 4


def test_the_zygote_cannot_be_looked_into(student: Student) -> None:
    with pytest.raises(StudentError):
        run(student, "import os; open(f'/proc/{os.getppid() or 2}/mem', 'rb').read(1)")


def test_without_isolation_it_runs_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "bubblewrap_problem", lambda: "there is none")
    monkeypatch.setattr(isolation, "landlock_problem", lambda: "nor is this")
    isolation.choose.cache_clear()
    with pytest.raises(IsolationError, match=r"there is none; nor is this.*--isolation none"):
        Sandbox(ROOT)
    isolation.choose.cache_clear()
    with Sandbox(ROOT, mode="none") as trusted:
        assert value(Student(Session(trusted.fork())), "__import__('os').getppid()") != os.getpid()
        with pytest.raises(StudentError):
            run(Student(Session(trusted.fork())), "while True: pass", limit_s=0.5)
        assert value(Student(Session(trusted.fork())), "5") == 5
