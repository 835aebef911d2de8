"""What runs inside the sandbox: a zygote that has imported torch once, and a fork of it for each
fresh notebook.

`python -m autograder.worker.fork_server SETUP`, with `supervisor.Setup` as JSON. Graders connect to
the listening socket (SOCK_SEQPACKET) and send `supervisor.Use` as JSON with a socket attached: a
fork serves that socket, in the place of the one that the connection had before. The zygote answers
`.`. When a connection closes, its fork and all that it started are ended; when the lifeline closes,
everything is.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import sys
import traceback
from dataclasses import asdict, dataclass
from typing import Any

from autograder.worker import confine, speed
from autograder.worker.supervisor import Layers, Setup, Use, supervise

LONGEST_REQUEST = 4096
READY = b"?"
"""Asks for an answer and no fork: the first one comes when everything is imported."""


def main() -> None:
    setup = Setup(**json.loads(sys.argv[1]))
    shell = None
    with speed.importing_everything():
        if setup.libraries:
            _import_libraries()
            shell = _make_shell()
    speed.gather_heap()
    # Student code may run under the same user: it must not attach to the zygote and take its
    # sockets.
    confine.prctl(confine.PR_SET_DUMPABLE, 0)
    ForkServer(setup, shell).run()


def _import_libraries() -> None:
    """Everything that a lab imports, before the fork, so that it is paid for once. No tensor work
    here: it would start threads.
    """
    import matplotlib
    import torch

    import autograder.worker.building
    import autograder.worker.responder

    matplotlib.use("agg")
    import matplotlib.pyplot
    import numpy

    # torch does so at the first operation on the meta device: two seconds, in every fork
    import torch._dynamo

    for name in (
        "dgm",
        "dgm.data",
        "dgm.nets",
        "dgm.training",
        "dgm.metrics",
        "dgm.plots",
        "dgm.check",
    ):
        with contextlib.suppress(ImportError):
            __import__(name)
    torch.set_num_threads(1)
    del numpy, autograder


def _make_shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    setattr(shell, "showtraceback", _ignore)  # noqa: B010  nobody reads it, and it costs more than the cell
    shell.magics_manager.register_function(_ignore, magic_name="matplotlib")  # no GUI to switch on
    return shell


def _ignore(*args: Any, **kwargs: Any) -> None:
    """Stands for what makes no sense without a screen."""


@dataclass(frozen=True)
class _Fork:
    supervisor: int
    leash: int


class ForkServer:
    """Forks for any number of graders at once; runs no student code itself."""

    def __init__(self, setup: Setup, shell: Any) -> None:
        self._setup = setup
        self._shell = shell
        self._forks: dict[int, _Fork] = {}
        """By file descriptor of the connection that asked for it."""
        self._ending: set[int] = set()
        self._prepared: set[str] = {""}
        """Metrics whose part that no artifact changes is computed."""

    def run(self) -> None:
        listener = socket.socket(fileno=self._setup.listener)
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(self._setup.lifeline, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(timeout=1.0 if self._ending else None):
                    if key.fileobj is listener:
                        selector.register(listener.accept()[0], selectors.EVENT_READ)
                    elif key.fd == self._setup.lifeline:
                        self._end_all()
                        return
                    else:
                        connection = key.fileobj
                        assert isinstance(connection, socket.socket)
                        if not self._answer(connection):
                            selector.unregister(connection)
                            self._end(connection.fileno())
                            connection.close()
                self._reap()

    def _answer(self, connection: socket.socket) -> bool:
        """One request; False when the grader is gone."""
        try:
            request, fds, _, _ = socket.recv_fds(connection, LONGEST_REQUEST, 1)
            if request == READY and not fds:
                connection.sendall(b".")
                return True
            if not request or not fds:
                return False
            self._end(connection.fileno())
            use = Use(**json.loads(request))
            self._prepare(use.metric)
            self._fork(connection.fileno(), fds[0], use)
            for fd in fds:
                os.close(fd)
            connection.sendall(b".")
        except OSError:
            return False
        return True

    def _prepare(self, metric: str) -> None:
        """Where it fails, each fork does it by itself, and says what is wrong."""
        if metric not in self._prepared:
            self._prepared.add(metric)
            with contextlib.suppress(Exception):
                from dgm.quality.measure import prepare

                prepare(metric)

    def _fork(self, connection: int, fd: int, use: Use) -> None:
        held, let_go = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                _close_all_but(fd, held)
                supervise(
                    self._setup,
                    use,
                    held,
                    fd,
                    lambda layers: serve(socket.socket(fileno=fd), self._shell, layers),
                )
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(held)
        self._forks[connection] = _Fork(pid, let_go)

    def _end(self, connection: int) -> None:
        if fork := self._forks.pop(connection, None):
            os.close(fork.leash)
            self._ending.add(fork.supervisor)

    def _reap(self) -> None:
        for pid in list(self._ending):
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG) == (0, 0):
                    continue
            self._ending.discard(pid)

    def _end_all(self) -> None:
        for connection in list(self._forks):
            self._end(connection)
        for pid in self._ending:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _close_all_but(*keep: int) -> None:
    """Of the zygote's sockets and leashes a fork gets none: it could ask for forks, or keep
    another's leash from being let go of.
    """
    first = 3
    for fd in [
        *sorted(keep),
        os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 65536 else 65536,
    ]:
        os.closerange(first, fd)
        first = fd + 1


def serve(sock: socket.socket, shell: Any, layers: Layers) -> None:
    """Say what is in force, then answer requests until the socket closes."""
    ready = json.dumps(asdict(layers)).encode()
    sock.sendall(struct.pack(">I", len(ready)) + ready)
    if shell is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # the zygote's own words go to a file outside
        os.dup2(nowhere, stream)
    os.close(nowhere)
    from autograder.worker import codec
    from autograder.worker.frames import Closed, read_frame, write_frame
    from autograder.worker.responder import (
        Responder,
    )  # all of them imported by the zygote: here the files may be out of sight

    def exchange(message: list[Any]) -> list[Any]:
        write_frame(sock, codec.pack(message))
        reply: list[Any] = codec.unpack(read_frame(sock))
        return reply

    def run_cell(cell: str, source: str) -> None:
        result = shell.run_cell(source, store_history=False, silent=True)
        if error := result.error_before_exec or result.error_in_exec:
            raise error

    responder = Responder(shell.user_ns, exchange, run_cell)
    while True:
        try:
            request = codec.unpack(read_frame(sock))
        except Closed:
            return
        reply = responder.answer(request)
        try:
            data = codec.pack(reply)
        except codec.ProtocolError as error:
            data = codec.pack(["error", "ProtocolError", str(error), 0, ""])
        write_frame(sock, data)


if __name__ == "__main__":
    main()
