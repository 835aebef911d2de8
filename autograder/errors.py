"""The few errors of the grader. Each has fields, a sentence a student may read, and detail for staff."""

from __future__ import annotations


class AutograderError(Exception):
    """Something on our side went wrong: never a student's mark."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class CourseError(AutograderError):
    """An assignment, suite or notebook of the course itself is not right; the message names the file and the cure."""


class RejectedSubmission(AutograderError):
    """A submission that cannot be graded as it is; the message is a sentence for the student."""


class IsolationError(AutograderError):
    """This machine does not give the isolation that grading needs."""


class WorkerError(AutograderError):
    """The sandbox itself failed (not the student's code in it)."""


class StudentError(Exception):
    """Student code raised, hung, died or broke the protocol. `line` is the student's own line, when known."""

    def __init__(self, kind: str, message: str, *, line: int | None = None, source: str = "", fatal: bool = False) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.line = line
        self.source = source
        self.fatal = fatal
        """True when the worker is gone (timeout, crash, broken protocol): the next call needs a fresh one."""
