"""The part of the grader that lives in a Dask worker: it unpacks the course, and passes orders on
to a grading slot of its own.

It travels by value, so that nothing of ours has to be installed there, and imports nothing of ours:
a copy of `autograder` that the worker can import, of whatever version, is never used. Student code,
torch and the suites stay out of Dask's process: what crashes or fills the memory takes a slot down,
not the worker.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import io
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from distributed import Reschedule, WorkerPlugin

START_S = 180.0
"""Importing torch from a cold network disk can take minutes."""
UNFIT_PAUSE_S = 2.0
"""A worker that cannot grade waits so long before it gives a task back, so that it does not turn
the class over and over.
"""


class CoursePlugin(WorkerPlugin):
    """The course on one worker. `digest` is the content digest of the bundle; `options` the first
    message to every slot.
    """

    def __init__(
        self,
        name: str,
        bundle: bytes,
        digest: str,
        options: bytes,
        environment: dict[str, str],
        packages: list[str],
    ) -> None:
        self.name = name
        self._bundle, self._digest, self._options = bundle, digest, options
        self._environment, self._packages = environment, packages

    def __repr__(self) -> str:
        return f"<autograder course {self._digest[:16]}>"  # the options hold the secret

    async def setup(self, worker: Any) -> None:
        """Unpack and start a first slot. Never raises: a worker that cannot grade says why in
        `describe`.
        """
        self._folder = Path(worker.local_directory) / self.name
        self._idle: list[_Slot] = []
        self._busy: set[_Slot] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._told: dict[str, Any] = {}
        self._n_threads = worker.state.nthreads
        try:
            await asyncio.to_thread(self._prepare)
        except Exception as error:
            self._told["problem"] = f"{type(error).__name__}: {error}"

    def _prepare(self) -> None:
        missing = [name for name, version in versions(self._packages).items() if not version]
        if missing:
            self._told["problem"] = (
                f"{', '.join(missing)} not installed: pip install {' '.join(missing)} in the "
                "workers' environment"
            )
            return
        unpack(self._bundle, self._folder)
        slot = _Slot(self._folder, self._options, self._environment)
        self._told = slot.told
        if slot.told["digest"] != self._digest:
            self._told["problem"] = (
                f"another copy of the grader was loaded from {slot.told['file']}"
            )
        if self._told["problem"]:
            slot.end()
        else:
            self._idle.append(slot)

    def describe(self) -> dict[str, Any]:
        """What this worker is, for the table that is shown before the class starts."""
        return {
            "host": socket.gethostname(),
            "python": platform.python_version(),
            "cpu": cpu_model(),
            "threads": self._n_threads,
            "versions": versions(self._packages),
            "file": self._told.get("file", ""),
            "isolation": self._told.get("isolation", ""),
            "problem": self._told.get("problem", ""),
        }

    def grade(self, order: bytes, limit_s: float) -> bytes:
        """Have one submission graded. Raises RuntimeError when the slot dies or hangs, Reschedule
        where nothing can be graded.
        """
        if self._told.get("problem") or self._closed:
            time.sleep(UNFIT_PAUSE_S)
            raise Reschedule
        slot = self._take()
        try:
            answer = slot.ask(order, limit_s)
        except (EOFError, OSError, TimeoutError) as error:
            words = slot.last_words()
            slot.end()
            raise RuntimeError(
                f"the process that graded it on {socket.gethostname()} was lost: {error!r} {words}"
            ) from None
        finally:
            with self._lock:
                self._busy.discard(slot)
        with self._lock:
            if not self._closed:
                self._idle.append(slot)
                return answer
        slot.end()
        return answer

    def _take(self) -> _Slot:
        """An idle slot, or a new one: there are as many as tasks run here at once."""
        with self._lock:
            while self._idle:
                slot = self._idle.pop()
                if slot.alive:
                    self._busy.add(slot)
                    return slot
                slot.end()
        slot = _Slot(self._folder, self._options, self._environment)
        with self._lock:
            self._busy.add(slot)
        return slot

    async def teardown(self, worker: Any) -> None:
        """End every slot, with its sandbox, and remove the course."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy)
        for slot in idle:
            slot.stop()
        for slot in [*idle, *busy]:
            slot.end()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Slot:
    """A grading process of the unpacked course: `python -m autograder.executor.slot`, which sees no
    other `autograder`.
    """

    def __init__(self, folder: Path, options: bytes, environment: dict[str, str]) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by end()
        ours, theirs = socket.socketpair()
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "DASK_", "AUTOGRADER_"))
        }
        paths = f"{folder}{os.pathsep}{folder / 'assignments'}"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-B", "-m", "autograder.executor.slot", str(theirs.fileno())],
                cwd=folder,
                env=inherited
                | environment
                | {"PYTHONPATH": paths, "AUTOGRADER_COURSE": str(folder)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
            )
        self._connection = Connection(ours.detach())
        try:
            self.told: dict[str, Any] = json.loads(self.ask(options, START_S))
        except (EOFError, OSError) as error:
            words = self.last_words()
            self.end()
            raise RuntimeError(f"the grading process did not start: {error!r} {words}") from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, message: bytes, limit_s: float) -> bytes:
        """Raises EOFError or OSError when the process is gone, TimeoutError when it takes longer
        than `limit_s`.
        """
        self._connection.send_bytes(message)
        if not self._connection.poll(limit_s):
            raise TimeoutError(f"no answer in {limit_s:g} s")
        return self._connection.recv_bytes()

    def last_words(self) -> str:
        self._log.seek(0)
        return self._log.read()[-1000:].decode(errors="replace")

    def stop(self) -> None:
        with suppress(OSError, subprocess.TimeoutExpired):
            self._connection.send_bytes(b"")
            self._process.wait(5)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._connection.close()
        self._log.close()


def unpack(bundle: bytes, folder: Path) -> None:
    """Write our own bundle entry by entry into a new folder that only this user can read: the
    suites are in it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        for entry in archive.infolist():
            parts = entry.filename.split("/")
            if not {"", ".", ".."}.isdisjoint(parts) or any(
                mark in entry.filename for mark in "\\:\0"
            ):
                raise RuntimeError(f"the bundle holds a file named {entry.filename!r}")
            file = folder / entry.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(entry))


def versions(packages: list[str]) -> dict[str, str]:
    """The installed version of each package; empty where it is missing. Nothing is imported."""
    found = {}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return found


def cpu_model() -> str:
    """The processor's name as Linux gives it, else the machine type."""
    with suppress(OSError):
        for line in (
            Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        ):
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
