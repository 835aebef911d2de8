"""The trusted end of the sandbox: starts it, asks it for fresh workers, and speaks to them under a deadline."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import StudentError, WorkerError
from autograder.sandbox import codec, isolation
from autograder.sandbox.frames import Closed, DeadlinePassed, read_frame, write_frame

START_S = 120.0
"""Importing torch from a cold disk can take a minute."""
FORK_S = 20.0
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


class Sandbox:
    """A running zygote under the chosen isolation. Use as a context manager; everything in it is gone at the end.

    Raises IsolationError when the machine has no isolation, WorkerError when the zygote does not come up.
    """

    def __init__(self, root: Path, *, mode: str = "auto", memory_mb: int = 2048, cpu_s: float = 900.0) -> None:
        self.root = root
        self.mode = isolation.choose(mode)
        self._arguments = [str(memory_mb), str(int(cpu_s) + 1), "1" if self.mode == "bubblewrap" else "0"]
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._channel: WorkerChannel | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__

    def __enter__(self) -> Sandbox:
        self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()
        self._log.close()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            line, environment = isolation.command(self.mode, self.root, [str(theirs.fileno()), *self._arguments])
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(line, env=environment, pass_fds=[theirs.fileno()], stdin=quiet, stdout=quiet, stderr=self._log)
        self._control = ours
        try:
            self._expect_answer(START_S)
        except (OSError, WorkerError):
            detail = self._last_words()
            self._stop()
            raise WorkerError(f"the {self.mode} worker did not start", detail=detail) from None

    def _expect_answer(self, limit_s: float) -> None:
        assert self._control is not None
        self._control.settimeout(limit_s)
        if self._control.recv(1) != b".":
            raise WorkerError("the sandbox's zygote is gone")

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:].decode(errors="replace")

    def fork(self) -> WorkerChannel:
        """A fresh worker; the one before, with all that it started, is ended. A dead zygote is started anew, once."""
        if self._channel is not None:
            self._channel.close()
        for attempt in (1, 2):
            ours, theirs = socket.socketpair()
            try:
                with theirs:
                    if self._control is None:
                        self._start()
                    assert self._control is not None
                    self._control.settimeout(FORK_S)
                    socket.send_fds(self._control, [b"F"], [theirs.fileno()])
                self._expect_answer(FORK_S)
                self._channel = WorkerChannel(ours)
                return self._channel
            except (OSError, WorkerError) as error:
                ours.close()
                self._stop()
                if attempt == 2:
                    raise WorkerError("the sandbox gives no workers", detail=str(error)) from error
        raise AssertionError("unreachable")

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self.mode == "none":  # the zygote ends its worker when the control socket closes
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(5)
            self._process.kill()  # the pid namespace dies with bubblewrap, and with it everything in there
            self._process.wait()
            self._process = None
