"""The trusted end of the sandbox: starts the zygote, asks it for fresh workers, and speaks to them under a deadline."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from autograder.errors import IsolationError, StudentError, WorkerError
from autograder.sandbox import codec, isolation
from autograder.sandbox.frames import Closed, DeadlinePassed, read_frame, write_frame
from autograder.sandbox.keeper import Layers
from autograder.sandbox.worker import READY

START_S = 120.0
"""Importing torch from a cold disk can take a minute."""
FORK_S = 20.0
CLOSE_S = 10.0
LOG = "log"
MAX_STARTS = 20
"""Zygotes that may die under one class before it is given up."""
MAX_CALLBACKS = 100_000


class WorkerChannel:
    """One worker's socket. `limit_s` is how long the next request may take; `expires` the `time.monotonic()` when all must be done."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.alive = True
        self.limit_s = 60.0
        self.expires = float("inf")

    def request(self, message: list[Any], callback: Callable[[list[Any]], list[Any]]) -> Any:
        if not self.alive:
            raise StudentError("Crash", "your code's process had ended", fatal=True)
        deadline = min(time.monotonic() + self.limit_s, self.expires)
        try:
            write_frame(self._sock, codec.pack(message), deadline)
            for _ in range(MAX_CALLBACKS):
                reply = codec.unpack(read_frame(self._sock, deadline))
                if not (isinstance(reply, list) and len(reply) == 5 and reply[0] == "callback"):
                    return reply
                write_frame(self._sock, codec.pack(callback(reply)), deadline)
            raise codec.ProtocolError("too many calls back")
        except DeadlinePassed:
            over = (
                "the time for the whole submission was used up" if deadline == self.expires else f"it took longer than {self.limit_s:g} s"
            )
            raise self._end("Timeout", f"{over} and was stopped") from None
        except Closed:
            raise self._end("Crash", "your code ended its Python process (or used more memory than it may)") from None
        except codec.ProtocolError as error:
            raise self._end("ProtocolError", f"your code's process answered with something unreadable ({error})") from None

    def _end(self, kind: str, message: str) -> StudentError:
        self.close()
        return StudentError(kind, message, fatal=True)

    def close(self) -> None:
        self.alive = False
        self._sock.close()


class Zygote:
    """The one process that imports torch for all submissions that are graded on this machine. A context manager.

    Graders in this process and in others reach it at `address`. Should it die, it is started anew. Raises IsolationError when the
    machine has no isolation, WorkerError when the zygote does not come up.
    """

    def __init__(self, root: Path, mode: str = "auto", libraries: bool = True) -> None:
        self.mode = isolation.choose(mode)
        self._root = root
        self._libraries = libraries
        self._folder = tempfile.mkdtemp(prefix="autograder-zygote-")  # 0700: only this user can connect
        self.address = os.path.join(self._folder, "socket")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(self.address)
        self._listener.listen(128)
        self._log = open(os.path.join(self._folder, LOG), "wb", buffering=0)  # noqa: SIM115  closed by close()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._lifeline: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # bubblewrap ends with the thread that started it, so that thread stays
        self._watcher = threading.Thread(target=self._keep_running, name="zygote", daemon=True)
        self._watcher.start()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _keep_running(self) -> None:
        for _ in range(MAX_STARTS):
            held, let_go = os.pipe()
            try:
                line, environment = isolation.command(self.mode, self._root, self._listener.fileno(), held, self._libraries)
                quiet = subprocess.DEVNULL
                fds = [self._listener.fileno(), held]
                self._lifeline = let_go
                self._process = subprocess.Popen(line, env=environment, pass_fds=fds, stdin=quiet, stdout=quiet, stderr=self._log)
            except (OSError, IsolationError) as error:
                self._log.write(str(error).encode())
                break
            finally:
                os.close(held)
            self._process.wait()
            self._cut_lifeline()
            if self._closing.is_set():
                return
        self._listener.close()  # whoever waits for an answer learns that there will be none

    def _cut_lifeline(self) -> None:
        with self._lock:
            if self._lifeline is not None:
                os.close(self._lifeline)
                self._lifeline = None

    def close(self) -> None:
        """End the zygote and everything in the sandbox. May be called twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._cut_lifeline()
        self._watcher.join(CLOSE_S)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()  # of bubblewrap: the pid namespace dies with it
            self._watcher.join(CLOSE_S)
        self._listener.close()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def last_words(address: str) -> str:
    """The end of what the zygote at an address wrote on stderr."""
    try:
        return (Path(address).parent / LOG).read_bytes()[-2000:].decode(errors="replace").strip()
    except OSError:
        return ""


_shared: dict[tuple[Path, str], Zygote] = {}
_shared_lock = threading.Lock()


def shared(root: Path, mode: str) -> Zygote:
    """This process's zygote for a course, started at the first use and ended with the process."""
    key = root.resolve(), isolation.choose(mode)
    with _shared_lock:
        if key not in _shared:
            if not _shared:
                atexit.register(close_shared)
            _shared[key] = Zygote(root, mode)
        return _shared[key]


def close_shared() -> None:
    """End this process's zygotes; the next use starts them anew."""
    with _shared_lock:
        for zygote in _shared.values():
            zygote.close()
        _shared.clear()


class Sandbox:
    """A place for one submission: gives fresh workers, one at a time; all that is in it is gone at the end. A context manager.

    address: of a zygote that somebody else keeps; without one, this process's own is used. Raises IsolationError when the machine has no
    isolation, WorkerError when no worker comes up.
    """

    def __init__(self, root: Path, *, mode: str = "auto", memory_mb: int = 2048, cpu_s: float = 900.0, address: str = "") -> None:
        self.mode = isolation.choose(mode)
        self.layers = Layers()
        self.waited_s = 0.0
        """How long it took until the zygote was there."""
        self._address = address or shared(root, mode).address
        self._use = json.dumps({"memory_mb": memory_mb, "cpu_s": int(cpu_s) + 1}).encode()
        self._connection: socket.socket | None = None
        self._channel: WorkerChannel | None = None

    @property
    def isolation(self) -> str:
        """What was in force around the last worker, in words."""
        return isolation.describe(self.mode, self.layers)

    def __enter__(self) -> Sandbox:
        """Wait until the zygote answers, which is no student's time."""
        start = time.monotonic()
        try:
            self._connect()
        except OSError:  # fork() tries again, and says what is wrong
            self._disconnect()
        self.waited_s = time.monotonic() - start
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._channel is not None:
            self._channel.close()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def fork(self) -> WorkerChannel:
        """A fresh worker; the one before, with all that it started, is ended. After a dead zygote the next one is asked, once."""
        if self._channel is not None:
            self._channel.close()
        for attempt in (1, 2):
            ours, theirs = socket.socketpair()
            try:
                with theirs:
                    self._ask(theirs)
                self._read_layers(ours)
                self._channel = WorkerChannel(ours)
                return self._channel
            except (OSError, Closed, DeadlinePassed, codec.ProtocolError, msgspec.MsgspecError) as error:
                ours.close()
                self._disconnect()
                if attempt == 2:
                    detail = f"{type(error).__name__}: {error}. {last_words(self._address)}"
                    raise WorkerError(f"the {self.mode} sandbox gives no workers", detail=detail) from error
        raise AssertionError("unreachable")

    def _connect(self) -> socket.socket:
        if self._connection is None:
            self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._connection.settimeout(START_S)
            self._connection.connect(self._address)
            self._connection.sendall(READY)
            self._expect_answer()
            self._connection.settimeout(FORK_S)
        return self._connection

    def _expect_answer(self) -> None:
        assert self._connection is not None
        if self._connection.recv(1) != b".":
            raise ConnectionError("the zygote is gone")

    def _ask(self, theirs: socket.socket) -> None:
        socket.send_fds(self._connect(), [self._use], [theirs.fileno()])
        self._expect_answer()

    def _read_layers(self, ours: socket.socket) -> None:
        """What the fork says is in force, before any student code runs in it. Raises IsolationError when that is not enough."""
        self.layers = msgspec.json.decode(read_frame(ours, time.monotonic() + FORK_S), type=Layers)
        if problem := isolation.insufficient(self.mode, self.layers):
            raise IsolationError(f"student code is not isolated well enough here: {problem}. {isolation.CURE}")
