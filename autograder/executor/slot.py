"""A grading slot: a process that takes orders over a connection, grades one at a time, and answers
with JSON.

The local executor forks it from a server that has imported torch; a Dask worker starts it as
`python -m autograder.executor.slot FD` in the folder where the course was unpacked.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from autograder.grading.budget import end_process_when_over
from autograder.grading.grade import Graded, Options
from autograder.worker.speed import return_large_blocks

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""The environment of a slot: as many slots as cores, one thread each, so that results do not depend
on how many cores there are.
"""
COURSE, SLUGS = "AUTOGRADER_PRELOAD_COURSE", "AUTOGRADER_PRELOAD"
"""Environment variables that tell the fork server whose suites to collect: the course's folder, and
assignments of it.
"""
STOP = b""
"""The order to end."""
ROOM_BYTES = 4 * 2**30
"""Address space of a slot, beyond what is mapped when it starts."""
IDLE_S = 900.0
"""A slot on a cluster ends by itself when no order comes for so long: the class may have been
killed.
"""


@contextlib.contextmanager
def shared_sandbox(options: Options) -> Iterator[Options]:
    """One sandbox for all that is graded inside of the context, by whatever process; gives the
    options that lead to it.
    """
    from autograder.sandbox.launcher import shared

    yield (
        options
        if options.zygote
        else replace(options, zygote=shared(options.root, options.isolation).address)
    )


def run(connection: Connection, options: Options, idle_s: float | None = None) -> None:
    """Grade what is ordered until told to stop, or until the other side is gone."""
    import torch

    from autograder.executor import tasks

    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group: who gives the orders ends this process
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    torch.set_num_threads(1)
    _limit_memory()
    end_process_when_over()
    try:
        while connection.poll(idle_s) and (message := connection.recv_bytes()) != STOP:
            order, message = (
                msgspec.msgpack.decode(message, type=tasks.Order),
                b"",
            )  # a zip may have a hundred megabytes: not twice
            connection.send_bytes(encode(tasks.grade(order, options)))
    except (EOFError, OSError):
        pass
    finally:
        close_sandbox()


def _limit_memory() -> None:
    """Room for what a check computes, and a MemoryError rather than a machine that swaps should
    student code talk us into more.
    """
    return_large_blocks()
    with contextlib.suppress(
        ImportError, OSError, ValueError
    ):  # where there is no /proc, there is no sandbox either
        import resource

        mapped = (
            int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            * resource.getpagesize()
        )
        resource.setrlimit(
            resource.RLIMIT_AS, (mapped + ROOM_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1])
        )


def encode(graded: Graded) -> bytes:
    return msgspec.json.encode(graded)


def decode(answer: bytes) -> Graded:
    """Raises msgspec.ValidationError when it is no outcome."""
    return msgspec.json.decode(answer, type=Graded)


def close_sandbox() -> None:
    """End the sandbox that submissions shared in this process, if there is one."""
    from autograder.sandbox.launcher import close_shared

    close_shared()


def _end_with(connection: Connection) -> None:
    """Wait for the other end to close, however it came to that, and end this process in the middle
    of whatever it does.
    """
    closed = select.poll()
    closed.register(connection.fileno(), select.POLLHUP)
    while not any(
        event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in closed.poll()
    ):
        pass
    os._exit(1)


def pack_options(options: Options) -> bytes:
    """The options without what only this machine knows (the folder, the number of processes)."""
    plain = asdict(replace(options, root=Path(), jobs=1))
    return msgspec.json.encode(
        {name: value for name, value in plain.items() if name not in ("root", "zygote")}
    )


def hello(options: Options) -> dict[str, Any]:
    """Which copy of the grader this is and how it can isolate student code, before the
    first order.
    """
    import autograder
    from autograder.errors import IsolationError
    from autograder.executor.bundle import digest_of
    from autograder.sandbox.isolation import choose

    told = {
        "file": autograder.__file__,
        "digest": digest_of(options.root),
        "isolation": "",
        "problem": "",
    }
    try:
        told["isolation"] = choose(options.isolation)
    except IsolationError as error:
        told["problem"] = error.message
    return told


def main() -> None:
    """Run on a cluster: the connection's number is the argument, the options are the first message,
    the course is the working folder.
    """
    connection = Connection(int(sys.argv[1]))
    options = Options(root=Path.cwd(), **msgspec.json.decode(connection.recv_bytes()))
    connection.send_bytes(msgspec.json.encode(hello(options)))
    with shared_sandbox(options) as options:
        run(connection, options, idle_s=IDLE_S)


if __name__ == "__main__":
    main()
