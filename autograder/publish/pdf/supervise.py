"""The trusted side of worker.py: a deadline for each document, and a PDF whatever happens."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgpack
import msgspec

from autograder.errors import AutograderError
from autograder.publish.pdf.page_map import PageMap

FULL_S = 90.0
CAREFUL_S = 45.0
FAILED_S = 30.0
MESSAGE_BYTES = 2**28
MEMORY_FREE_BYTES = 2**30
TASKS_A_PROCESS = 50
"""Typst keeps what it has set for the next document, so its memory grows."""


@dataclass(frozen=True)
class Task:
    """One PDF to make. `values`: what worker.py makes the document from, plain data."""

    kind: str
    label: str
    """The name of the PDF, without suffix."""
    values: Callable[[], dict[str, Any]] = field(repr=False)
    """Called when its turn comes: a class is never in memory at once. Raises AutograderError."""
    title: str = ""
    slug: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    """student_id, student_name, file, handed_in: where the caller knows better."""


@dataclass(frozen=True)
class Pdf:
    """A PDF with its page map, and how long it took. `message`: why it isn't typeset in full."""

    task: Task
    data: bytes = field(repr=False)
    page_map: PageMap
    seconds: float
    message: str = ""


class Failed(Exception):
    """A document could not be typeset; the message is a sentence. `lost`: the process is gone."""


class Typesetter:
    """A process that typesets, started when needed. A context manager."""

    def __init__(self, root: Path | None = None, full_s: float = FULL_S) -> None:
        self._root, self._full_s = root, full_s
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._scratch = ""
        self._n_tasks = 0
        self._ended = False

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the process for good: a document that another thread is at gets no other."""
        self._ended = True
        self.close()

    def make(self, task: Task, *, manual: bool = False) -> Pdf:
        """The PDF of a task: in full, else with the student's texts as they were typed, else a page
        that explains.

        Raises AutograderError where not even that could be made.
        """
        began, notes = time.monotonic(), list[str]()
        for kind, careful, limit_s in (
            (task.kind, False, self._full_s),
            (task.kind, True, CAREFUL_S),
            ("failed", True, FAILED_S),
        ):
            try:
                values = {} if kind == "failed" else task.values()
                data, page_map = self._ask(task, kind, values, careful, manual, notes, limit_s)
            except (Failed, AutograderError) as error:
                notes.append(str(error))
                if kind == "failed":
                    raise AutograderError(f"{task.label}.pdf could not be made: {error}") from error
                continue
            return Pdf(task, data, page_map, time.monotonic() - began, "; ".join(notes))
        raise AssertionError

    def _ask(
        self,
        task: Task,
        kind: str,
        values: dict[str, Any],
        careful: bool,
        manual: bool,
        notes: Sequence[str],
        limit_s: float,
    ) -> tuple[bytes, PageMap]:
        """Raises Failed."""
        told = [f"This document could not be typeset in full: {note}." for note in notes]
        message = {
            **values,
            **task.facts,
            "kind": kind,
            "careful": careful,
            "manual": manual,
            "title": task.title or task.label,
            "slug": task.slug,
            "root": str(self._root or ""),
            "notes" if kind == "failed" else "notes_first": told,
        }
        answer = self._exchange(msgpack.packb(message), limit_s)
        if "pdf" not in answer:
            raise Failed(str(answer.get("error"))[:1000])
        return answer["pdf"], msgspec.json.decode(answer["page_map"], type=PageMap)

    def _exchange(self, message: bytes, limit_s: float) -> dict[str, Any]:
        channel = self._started()
        place, expired = "the start", threading.Event()

        def expire() -> None:
            expired.set()
            self._kill()

        timer = threading.Timer(limit_s, expire)
        timer.start()
        try:
            channel.send_bytes(message)
            while True:
                data = channel.recv_bytes(MESSAGE_BYTES)
                answer = msgpack.unpackb(data, max_bin_len=MESSAGE_BYTES)
                if "at" not in answer:
                    return answer
                place = str(answer["at"])[:200]
        except (OSError, EOFError, ValueError):
            timer.cancel()
            self.close()
            if expired.is_set():
                raise Failed(f"it took more than {limit_s:g} s, at {place}") from None
            raise Failed(
                f"typesetting ended (out of memory, or nested too deeply), at {place}"
            ) from None
        finally:
            timer.cancel()

    def _started(self) -> Connection:
        if self._ended:
            raise Failed("it was stopped")
        if self._n_tasks >= TASKS_A_PROCESS:
            self.close()
        if self._channel is None:
            ours, theirs = Pipe()
            self._scratch = tempfile.mkdtemp(prefix="autograder-pdf-", dir=_in_memory())
            module = "autograder.publish.pdf.worker"
            command = [sys.executable, "-m", module, str(theirs.fileno()), self._scratch]
            self._process = subprocess.Popen(
                [*command, str(self._root or "")],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                    "RAYON_NUM_THREADS": "1",  # a class is parallel by its documents
                },
                start_new_session=True,
            )
            theirs.close()
            self._channel, self._n_tasks = ours, 0
        self._n_tasks += 1
        return self._channel

    def _kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)

    def close(self) -> None:
        """End the process, and the pandoc that it started."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._kill()
            self._process.wait()
            self._process = None
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = ""


def _in_memory() -> str | None:
    """Where the files of a document, some two hundred, are made and removed fastest; None: nowhere
    but on disk.
    """
    memory = "/dev/shm"
    with contextlib.suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= MEMORY_FREE_BYTES:
            return memory
    return None


def make_pdfs(
    tasks: Sequence[Task],
    root: Path | None = None,
    *,
    jobs: int = 0,
    manual: bool = False,
    full_s: float = FULL_S,
) -> Iterator[Pdf | tuple[Task, AutograderError]]:
    """The PDF of each task as it is done, or why there is none.

    jobs: processes; 0: one per core.
    """
    mine = threading.local()
    made: list[Typesetter] = []

    def work(task: Task) -> Pdf | tuple[Task, AutograderError]:
        if not hasattr(mine, "typesetter"):
            mine.typesetter = Typesetter(root, full_s)
            made.append(mine.typesetter)
        try:
            return mine.typesetter.make(task, manual=manual)
        except AutograderError as error:
            return task, error

    n_jobs = min(jobs or len(os.sched_getaffinity(0)), max(1, len(tasks)))
    pool = ThreadPoolExecutor(n_jobs)
    try:
        # a few ahead of what is written: a class's PDFs are never in memory at once
        waiting = iter(tasks)
        running = {pool.submit(work, task) for task in islice(waiting, 2 * n_jobs)}

        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                if (task := next(waiting, None)) is not None:
                    running.add(pool.submit(work, task))
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for typesetter in made:
            typesetter.end()


def relabelled(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, labels numbered where two are the same on a file system that ignores case."""
    taken: set[str] = set()
    named = []
    for task in tasks:
        label, number = task.label, 1
        while label.casefold() in taken:
            number += 1
            label = f"{task.label}~{number}"
        taken.add(label.casefold())
        named.append(replace(task, label=label))
    return named
