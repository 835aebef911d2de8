"""The few errors of the grader. Each has fields, a sentence a student may read, and detail for
staff.
"""

from __future__ import annotations

from typing import Any


class _WithFields(Exception):
    """An error that survives pickling, on its way from one process to another, with all its
    fields.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[_WithFields], args: tuple[Any, ...], fields: dict[str, Any]
) -> _WithFields:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class AutograderError(_WithFields):
    """Something on our side went wrong: never a student's mark."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class UsageError(AutograderError):
    """The command was asked for something that does not exist here; the message says how to ask."""


class CourseError(AutograderError):
    """An assignment, suite or notebook of the course itself is not right; the message names the
    file and the cure.
    """


class RejectedSubmission(AutograderError):
    """A submission that cannot be graded as it is; the message is a sentence for the student.

    waits: a person can find out what is meant, and it is graded then.
    """

    def __init__(self, message: str, *, detail: str = "", waits: bool = False) -> None:
        super().__init__(message, detail=detail)
        self.waits = waits


class OverBudget(BaseException):
    """The CPU time of our own that a submission may cost is used up (grading/budget.py). Not an
    Exception: it is raised in the middle of whatever is done, where a library may catch those.
    """


class IsolationError(AutograderError):
    """This machine does not give the isolation that grading needs."""


class WorkerError(AutograderError):
    """The sandbox itself failed (not the student's code in it)."""


class StudentError(_WithFields):
    """Student code raised, hung, died or broke the protocol. `line` is the student's own line, when
    known.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        line: int | None = None,
        source: str = "",
        fatal: bool = False,
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.line = line
        self.source = source
        self.fatal = fatal
        """True when the worker is gone (timeout, crash, broken protocol): the next call needs a
        fresh one.
        """
