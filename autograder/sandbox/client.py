"""The trusted end of the sandbox: asks the zygote for fresh workers, and speaks to them under a
deadline.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from autograder.errors import IsolationError, StudentError, WorkerError
from autograder.sandbox import isolation
from autograder.sandbox.launcher import last_words, shared
from autograder.worker import codec
from autograder.worker.fork_server import READY
from autograder.worker.frames import Closed, DeadlinePassed, read_frame, write_frame
from autograder.worker.supervisor import Layers, Use

START_S = 120.0
"""Importing torch from a cold disk can take a minute."""
FORK_S = 20.0
MAX_CALLBACKS = 100_000


class WorkerChannel:
    """One worker's socket. `limit_s` is how long the next request may take; `expires` the
    `time.monotonic()` when all must be done.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.alive = True
        self.limit_s = 60.0
        self.expires = float("inf")
        self.n_returned = 0
        """Calls of the notebook's own functions that came back, with a value or an error."""
        self.hung = False
        self.hung_s = 0.0
        """How long it took to find out."""

    def request(self, message: list[Any], callback: Callable[[list[Any]], list[Any]]) -> Any:
        if not self.alive:
            raise StudentError("Crash", "your code's process had ended", fatal=True)
        start = time.monotonic()
        deadline = min(start + self.limit_s, self.expires)
        try:
            write_frame(self._sock, codec.pack(message), deadline)
            for _ in range(MAX_CALLBACKS):
                reply = codec.unpack(read_frame(self._sock, deadline))
                if not (isinstance(reply, list) and len(reply) == 5 and reply[0] == "callback"):
                    self.n_returned += message[0] == "call" and message[1][0] == "n"
                    return reply
                write_frame(self._sock, codec.pack(callback(reply)), deadline)
            raise codec.ProtocolError("too many calls back")
        except DeadlinePassed:
            self.hung, self.hung_s = True, time.monotonic() - start
            over = (
                "the time for the whole submission was used up"
                if deadline == self.expires
                else f"it took longer than {self.limit_s:g} s"
            )
            raise self._end("Timeout", f"{over} and was stopped") from None
        except Closed:
            raise self._end(
                "Crash", "your code ended its Python process (or used more memory than it may)"
            ) from None
        except codec.ProtocolError as error:
            raise self._end(
                "ProtocolError", f"your code's process answered with something unreadable ({error})"
            ) from None

    def _end(self, kind: str, message: str) -> StudentError:
        self.close()
        return StudentError(kind, message, fatal=True)

    def close(self) -> None:
        self.alive = False
        self._sock.close()


class Sandbox:
    """A place for one submission: gives fresh workers, one at a time; all that is in it is gone at
    the end. A context manager.

    address: of a zygote that somebody else keeps; without one, this process's own is used. metric:
    what of `dgm.quality` the workers are for. Raises IsolationError when the machine has no
    isolation, WorkerError when no worker comes up.
    """

    def __init__(
        self,
        root: Path,
        *,
        mode: str = "auto",
        memory_mb: int = 2048,
        cpu_s: float = 900.0,
        address: str = "",
        metric: str = "",
    ) -> None:
        self.mode = isolation.choose(mode)
        self.layers = Layers()
        self.waited_s = 0.0
        """How long it took until the zygote was there."""
        self._address = address or shared(root, mode).address
        use = Use(memory_mb, int(cpu_s) + 1, metric)
        self._use = json.dumps(asdict(use)).encode()
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._channel is not None:
            self._channel.close()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def fork(self) -> WorkerChannel:
        """A fresh worker; the one before, with all that it started, is ended. After a dead zygote
        the next one is asked, once.
        """
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
            except (
                OSError,
                Closed,
                DeadlinePassed,
                codec.ProtocolError,
                msgspec.MsgspecError,
            ) as error:
                ours.close()
                self._disconnect()
                if attempt == 2:
                    detail = f"{type(error).__name__}: {error}. {last_words(self._address)}"
                    raise WorkerError(
                        f"the {self.mode} sandbox gives no workers", detail=detail
                    ) from error
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
        """What the fork says is in force, before any student code runs in it. Raises IsolationError
        when that is not enough.
        """
        self.layers = msgspec.json.decode(read_frame(ours, time.monotonic() + FORK_S), type=Layers)
        if problem := isolation.insufficient(self.mode, self.layers):
            raise IsolationError(
                f"student code is not isolated well enough here: {problem}. {isolation.CURE}"
            )
