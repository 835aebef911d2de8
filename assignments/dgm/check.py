"""The visible checks of a notebook: run at once, say in one line what is off, never stop "Run All"."""

from __future__ import annotations

import contextlib
import linecache
import sys
import traceback
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType
from typing import Any

from dgm import run_all

LONGEST_MESSAGE = 300
PASSED = "visible checks pass"


def visible_checks(question: str) -> Callable[[Callable[[], Any]], None]:
    """Run the decorated function at once and print one line: the verdict on `question`.

    A failed assert prints its message, an unanswered question "not answered yet", any other exception its type,
    its message and the student's own line. Nothing is raised but KeyboardInterrupt, and under `nbgrader validate`,
    which takes a cell that only prints for passed, AssertionError. The decorated name becomes None.
    """

    def run(checks: Callable[[], Any]) -> None:
        told = verdict(checks)
        print(f"{question}: {told}")
        if told != PASSED and run_all.is_validated():
            raise AssertionError(f"{question}: {told}")

    return run


def verdict(checks: Callable[[], Any]) -> str:
    """What came of calling `checks()`, in words."""
    # nbgrader gives a test cell that writes to stderr no points, so warnings go to stdout.
    with contextlib.redirect_stderr(sys.stdout):
        try:
            checks()
        except (Exception, SystemExit) as error:
            return _explain(error, checks)
    return PASSED


def _explain(error: BaseException, checks: Callable[[], Any]) -> str:
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if _in_notebook(frame, checks)
    ]
    student = [(frame, line) for frame, line in frames if not _inside(frame.f_code, checks)]
    last = _last_frame(error)
    if isinstance(error, NotImplementedError) and student and last is student[-1][0]:
        return f"not answered yet ({student[-1][0].f_code.co_name} is still to be written)"
    if (
        isinstance(error, AssertionError)
        and last is not None
        and _inside(last.f_code, checks)
        and str(error)
    ):
        return f"not yet: {_message(error)}"
    shown = f"not yet: {type(error).__name__}: {_message(error)}".rstrip(": ")
    if student:
        frame, line = student[-1]
        return f"{shown} (in {frame.f_code.co_name}, line {line}: {_source(frame, line)})"
    if frames:
        return f"{shown} (where the check says: {_source(*frames[-1])})"
    return shown


def _in_notebook(frame: FrameType, checks: Callable[[], Any]) -> bool:
    return isinstance(checks, FunctionType) and frame.f_globals is checks.__globals__


def _inside(code: CodeType, checks: Callable[[], Any]) -> bool:
    """Whether `code` is the check function or something defined in it (a lambda, a comprehension)."""
    if not isinstance(checks, FunctionType):
        return False
    outer = checks.__code__
    return code is outer or (
        code.co_filename == outer.co_filename
        and code.co_qualname.startswith(f"{outer.co_qualname}.<locals>")
    )


def _last_frame(error: BaseException) -> FrameType | None:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1] if frames else None


def _source(frame: FrameType, line: int) -> str:
    return linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()


def _message(error: BaseException) -> str:
    """The first line of what the exception says; an exception of the student's may fail even at that."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        return "(this exception cannot be printed)"
    first = lines[0] if lines else ""
    return first if len(first) <= LONGEST_MESSAGE else first[: LONGEST_MESSAGE - 3] + "..."


run_all.install()
