"""The process that typesets: `python -m autograder.publish.pdf.worker FD SCRATCH [COURSE]`. It
reads tasks from a socket and is killed when one takes too long.

Strangers' texts and pictures pass through pandoc and Typst here, so the process gives up what it
does not need: it can write nothing but its own folder, read no other submission and no secret,
open no network connection, and has limits.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgpack
import msgspec

from autograder.errors import AutograderError, RejectedSubmission
from autograder.publish.pdf.document import Document
from autograder.publish.pdf.fonts import fonts
from autograder.publish.pdf.fragments import COURSES
from autograder.publish.pdf.markdown import Pandoc
from autograder.publish.pdf.readers import of_kept, of_notebooks, of_own, of_zip
from autograder.publish.pdf.typeset import Made, typeset

MEMORY_BYTES = 4 * 2**30
FILE_BYTES = 256 * 2**20
OPEN_FILES = 256
MESSAGE_BYTES = 2**28


def main(fd: int, scratch: str, course: str = "") -> None:
    """Serve tasks until the other side closes the socket."""
    channel = Connection(fd)
    fonts()  # before the limits: it reads the machine's fonts where the wheels are not installed
    confine(scratch, course)
    (Path(scratch) / COURSES).mkdir()
    with Pandoc() as pandoc, contextlib.suppress(EOFError, OSError):
        while True:
            task = msgpack.unpackb(channel.recv_bytes(), max_bin_len=MESSAGE_BYTES)
            channel.send_bytes(msgpack.packb(_answer(task, scratch, pandoc, channel)))


def readable(course: str) -> list[str]:
    """What the process may read: Python, packages, fonts, and of the course what is released."""
    import dgm

    import autograder

    packages = [str(Path(next(iter(package.__path__)))) for package in (autograder, dgm)]
    system = ["/usr", "/lib", "/lib64", "/etc/localtime", "/dev/urandom", "/dev/null", "/proc"]
    prefixes = [sys.prefix, sys.base_prefix, *(path for path in sys.path if "-packages" in path)]
    released = [f"{course}/assignments", f"{course}/release"] if course else []
    return [*system, *prefixes, *packages, *released]


def confine(scratch: str, course: str) -> None:
    """Limits for this process and its pandoc; Landlock where the kernel has it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    from autograder.worker.confine import PR_SET_NO_NEW_PRIVS, landlock, prctl

    with contextlib.suppress(OSError):  # a kernel without Landlock
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        landlock(read=readable(course), write=[scratch, "/dev/null"])


def _answer(
    task: dict[str, Any], scratch: str, pandoc: Pandoc, channel: Connection
) -> dict[str, Any]:
    def at(place: str) -> None:
        channel.send_bytes(msgpack.packb({"at": place}))

    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        made = _typeset(task, folder, pandoc, at)
        return {"pdf": made.pdf, "page_map": msgspec.json.encode(made.page_map)}
    except MemoryError:
        return {"error": "it needs more memory than it may have"}
    except AutograderError as error:
        return {"error": error.message}
    except Exception as error:  # ours or a library's: one document, never the class
        return {"error": f"{type(error).__name__}: {str(error)[:500]}"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _typeset(task: dict[str, Any], folder: Path, pandoc: Pandoc, at: Callable[[str], None]) -> Made:
    if task["kind"] == "feedback":
        from autograder.publish.feedback_pages.content import Feedback
        from autograder.publish.pdf.feedback import typeset_feedback

        at("the feedback")
        return typeset_feedback(msgspec.convert(task["feedback"], Feedback), folder)
    if task["kind"] == "failed":
        document = Document(task["title"], task["slug"], notes=task["notes"])
    else:
        at("reading the notebooks")
        document = _document(task)
    for field in ("student_id", "student_name", "file", "handed_in"):
        if task.get(field):
            setattr(document, field, task[field])
    document.notes = [*task.get("notes_first", []), *document.notes]
    courses = folder.parent / COURSES
    made = typeset(document, folder, pandoc, careful=task["careful"], at=at, courses=courses)
    if task["kind"] == "failed":
        made.page_map.typeset = "failed"
    return made


def _document(task: dict[str, Any]) -> Document:
    from autograder.course.assignment import load

    kind, manual = task["kind"], task["manual"]
    if kind == "zip":
        root = Path(task["root"])
        try:
            return of_zip(task["data"], task["file"], task["slug"], root, manual)
        except RejectedSubmission as error:
            raise AutograderError(error.message) from error
    if kind == "own":
        return of_own(task["notebooks"], task["title"], task["kit"])
    assignment = load(task["slug"], Path(task["root"]))
    if kind == "notebooks":
        return of_notebooks(task["notebooks"], assignment, Path(task["root"]), manual)
    return of_kept(task["notebooks"], task["blank"], assignment, manual)


if __name__ == "__main__":
    os.environ["TMPDIR"] = sys.argv[2]
    main(int(sys.argv[1]), *sys.argv[2:4])
