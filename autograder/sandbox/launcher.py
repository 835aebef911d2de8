"""The zygote as the grader sees it: a process that is started once, kept alive, and reached at an
address. Imports no torch.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from autograder.errors import IsolationError
from autograder.sandbox import isolation

CLOSE_S = 10.0
LOG = "log"
MAX_STARTS = 20
"""Zygotes that may die under one class before it is given up."""


class Launcher:
    """The one process that imports torch for all submissions that are graded on this machine. A
    context manager.

    Graders in this process and in others reach it at `address`. Should it die, it is started anew.
    Raises IsolationError when the machine has no isolation, WorkerError when the zygote does not
    come up.
    """

    def __init__(self, root: Path, mode: str = "auto", libraries: bool = True) -> None:
        self.mode = isolation.choose(mode)
        self._root = root
        self._libraries = libraries
        self._folder = tempfile.mkdtemp(
            prefix="autograder-zygote-"
        )  # 0700: only this user can connect
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

    def __enter__(self) -> Launcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _keep_running(self) -> None:
        for _ in range(MAX_STARTS):
            held, let_go = os.pipe()
            try:
                line, environment = isolation.command(
                    self.mode, self._root, self._listener.fileno(), held, self._libraries
                )
                quiet = subprocess.DEVNULL
                fds = [self._listener.fileno(), held]
                self._lifeline = let_go
                self._process = subprocess.Popen(
                    line, env=environment, pass_fds=fds, stdin=quiet, stdout=quiet, stderr=self._log
                )
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


_shared: dict[tuple[Path, str], Launcher] = {}
_shared_lock = threading.Lock()


def shared(root: Path, mode: str) -> Launcher:
    """This process's zygote for a course, started at the first use and ended with the process."""
    key = root.resolve(), isolation.choose(mode)
    with _shared_lock:
        if key not in _shared:
            if not _shared:
                atexit.register(close_shared)
            _shared[key] = Launcher(root, mode)
        return _shared[key]


def close_shared() -> None:
    """End this process's zygotes; the next use starts them anew."""
    with _shared_lock:
        for zygote in _shared.values():
            zygote.close()
        _shared.clear()
