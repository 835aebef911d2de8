"""What runs inside the sandbox: a zygote that has imported torch once, and a fork of it for each fresh notebook.

`python -m autograder.sandbox.worker CONTROL_FD MEMORY_MB CPU_S OWN_PIDS`. The grader sends one byte at a time over the control socket:
`F` with a socket attached (fork; the child serves that socket, after everything else in here was ended), or `K` (end it). The zygote
answers each with `.`. When the control socket closes, it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from typing import Any

MIB = 2**20
FILE_BYTES = 64 * MIB
OPEN_FILES = 256
PR_SET_DUMPABLE = 4


def main() -> None:
    control_fd, memory_mb, cpu_s, own_pids = (int(value) for value in sys.argv[1:5])
    control = socket.socket(fileno=control_fd)
    _import_libraries()
    shell = _make_shell()
    # Student code runs under the same user: without this it could attach to the zygote and take its control socket.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    end = _end_all if own_pids and os.getppid() == 1 else _end_group
    child = 0
    control.sendall(b".")
    while True:
        try:
            command, fds, _, _ = socket.recv_fds(control, 1, 1)
        except OSError:
            break
        if not command:
            break
        end(child)
        child = 0
        if command == b"F" and fds:
            child = os.fork()
            if child == 0:
                control.close()
                _serve_and_exit(fds[0], shell, memory_mb, cpu_s)
        for fd in fds:
            os.close(fd)
        control.sendall(b".")
    end(child)


def _import_libraries() -> None:
    """Everything that a lab imports, before the fork, so that it is paid for once. No tensor work here: it would start threads."""
    import matplotlib
    import torch

    matplotlib.use("agg")
    import matplotlib.pyplot
    import numpy
    import torch._dynamo  # torch does so at the first operation on the meta device: two seconds, in every fork

    for name in ("dgm", "dgm.data", "dgm.nets", "dgm.training", "dgm.metrics", "dgm.plots", "dgm.check"):
        with contextlib.suppress(ImportError):
            __import__(name)
    torch.set_num_threads(1)
    del numpy


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


def _end_all(child: int) -> None:
    """End every process in this pid namespace but its init and this one."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _end_group(child: int) -> None:
    if child:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _serve_and_exit(fd: int, shell: Any, memory_mb: int, cpu_s: int) -> None:
    try:
        os.setsid()
        _set_limits(memory_mb, cpu_s)
        serve(socket.socket(fileno=fd), shell)
    finally:
        os._exit(0)


def _set_limits(memory_mb: int, cpu_s: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as file:
        mapped_bytes = int(file.read().split()[0]) * resource.getpagesize()
    # torch maps gigabytes that it never touches: the limit counts from what is mapped now
    ceiling = mapped_bytes + memory_mb * MIB
    for kind, value in (
        (resource.RLIMIT_AS, ceiling),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an error in the cell, not a crash


def serve(sock: socket.socket, shell: Any) -> None:
    """Answer requests until the socket closes."""
    from autograder.sandbox import codec
    from autograder.sandbox.frames import Closed, read_frame, write_frame
    from autograder.sandbox.servant import Servant

    def exchange(message: list[Any]) -> list[Any]:
        write_frame(sock, codec.pack(message))
        reply: list[Any] = codec.unpack(read_frame(sock))
        return reply

    def run_cell(cell: str, source: str) -> None:
        result = shell.run_cell(source, store_history=False, silent=True)
        if error := result.error_before_exec or result.error_in_exec:
            raise error

    servant = Servant(shell.user_ns, exchange, run_cell)
    while True:
        try:
            request = codec.unpack(read_frame(sock))
        except Closed:
            return
        reply = servant.answer(request)
        try:
            data = codec.pack(reply)
        except codec.ProtocolError as error:
            data = codec.pack(["error", "ProtocolError", str(error), 0, ""])
        write_frame(sock, data)


if __name__ == "__main__":
    main()
