"""A quality question: measure the artifact that a student handed in. No student code runs for it.

The file is a stranger's all the same: a fresh worker of the sandbox, in which nothing has run,
reads and measures it under a deadline, and what comes back is checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from dgm.quality.measure import missing
from dgm.quality.metrics import MAX_BYTES

from autograder.course.assignment import Quality, Question
from autograder.errors import StudentError, WorkerError
from autograder.intake.untrusted_text import clean
from autograder.report import QualityResult, QuestionResult

if TYPE_CHECKING:
    from autograder.sandbox.client import Sandbox

MEASURE_S = 60.0
"""Of which a metric takes two seconds on a quiet machine."""
WORTH = {"full": 1.0, "half": 0.5, "none": 0.0}
MESSAGE_CHARS = 600


class Artifacts:
    """What a student handed in besides notebooks, and why some of it was left out."""

    def __init__(self, kept: Mapping[str, bytes], left_out: Mapping[str, str]) -> None:
        self._kept, self._left_out = kept, left_out

    def find(self, name: str) -> tuple[bytes | None, str]:
        """Its bytes; where there are none to measure, the sentence for the student."""
        data = self._kept.get(name)
        if data is not None and len(data) > MAX_BYTES:
            return None, f"{name} is larger than {MAX_BYTES // 2**20} MiB. No points."
        if data is None and name in self._left_out:
            return None, f"{name} was left out: {self._left_out[name]} No points."
        return data, "" if data is not None else missing(name)


def grade_quality(
    sandbox: Sandbox,
    slug: str,
    question: Question,
    data: bytes,
    secret: str,
    result: QuestionResult,
) -> None:
    """Measure an artifact in a fresh worker, and fill in the question's result.

    Raises WorkerError where the worker does not answer as it must: our fault, whatever is in the
    file.
    """
    from autograder.sandbox.proxy import Session, Student

    channel = sandbox.fork()
    channel.limit_s = MEASURE_S
    session = Session(channel)
    try:
        session.ask("exec", "quality", "from dgm.quality import measure")
        measured = Student(session).measure(data, **arguments(slug, question, secret))
        fill_in(question, result, measured)
    except (StudentError, msgspec.ValidationError) as error:
        raise WorkerError(
            f"{question.name}: the artifact could not be measured",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    finally:
        channel.close()


def arguments(slug: str, question: Question, secret: str) -> dict[str, Any]:
    """What `dgm.quality.measure` is given besides the file."""
    quality = _table(question)
    return {
        "artifact": quality.artifact,
        "metric": quality.metric,
        "full": quality.full,
        "half": quality.half,
        "options": dict(quality.options),
        "seed": seed_of(slug, question.name, secret),
    }


def seed_of(slug: str, question: str, secret: str) -> int:
    """Of the data that a metric draws: the same for a whole class, and unknown to it."""
    digest = hashlib.sha256(f"{secret}/{slug}/{question}/quality".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def nothing(question: Question, result: QuestionResult, why: str) -> None:
    """The result of an artifact that there is nothing of to measure."""
    quality = _table(question)
    result.quality = QualityResult(
        artifact=quality.artifact,
        metric=quality.metric,
        full=quality.full,
        half=quality.half,
        message=clean(why, MESSAGE_CHARS),
    )
    result.score, result.outcome = 0.0, "graded"


def fill_in(question: Question, result: QuestionResult, measured: Any) -> None:
    """The result from what `dgm.quality.measure` gave. Raises ValidationError where that is not
    what it gives.
    """
    quality = _table(question)
    found = msgspec.convert(measured, _Measured)
    result.quality = QualityResult(
        artifact=quality.artifact,
        metric=quality.metric,
        full=quality.full,
        half=quality.half,
        value=found.value,
        met=found.met,
        message=clean(found.sentence, MESSAGE_CHARS),
        details=found.details,
    )
    result.score, result.outcome = question.points * WORTH[found.met], "graded"


class _Measured(msgspec.Struct):
    """As `dgm.quality.Measured`, from a process that a stranger's file may have taken over."""

    value: float | None
    met: Literal["full", "half", "none"]
    sentence: str
    details: dict[str, float]


def _table(question: Question) -> Quality:
    if question.quality is None:
        raise ValueError(f"{question.name} is not a quality question")
    return question.quality
