"""Run the hidden checks of a question, and say whose fault it is when one does not pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from autograder.checks.aspects import kept
from autograder.checks.compare import CheckFailed
from autograder.checks.suite import GIVEN, HiddenCheck, oracle, oracles, suite
from autograder.course.assignment import Question
from autograder.errors import AutograderError, StudentError
from autograder.intake.untrusted_text import clean
from autograder.report import NOT_YET, Check, QuestionResult
from autograder.sandbox.proxy import Student, local_student, session_of, stand_ins
from autograder.worker.responder import MESSAGE_CHARS

MAX_LOST_WORKERS = 2
"""Timeouts or crashes in one question, after which its other checks fail without being run."""
NOT_RUN = "not run: earlier checks of this question hung or crashed"
NO_ANSWER = "there is no answer yet"
PLAIN_KINDS = frozenset({"Timeout", "Crash", "ProtocolError"})
"""Errors that our side words for the student: the sentence needs nothing before it."""

FIRST_LINE_CHARS = 240


@dataclass(frozen=True)
class _Run:
    """The run of one question's checks on one notebook.

    `student` gives a live proxy each time it is asked: after a timeout or a crash, that of a fresh
    worker.
    """

    slug: str
    question: Question
    student: Callable[[], Student]
    secret: str
    reference_first: bool

    def attempts(self) -> list[dict[str, Callable[..., Any]]]:
        """What to put in place of earlier answers, attempt by attempt: nothing, and the reference
        of each that this one uses.
        """
        references = {name: oracle(self.slug, name) for name in self.question.uses}
        tries = [{}, references] if references else [{}]
        return tries[::-1] if self.reference_first else tries


def run_question(
    slug: str,
    question: Question,
    student: Callable[[], Student],
    secret: str,
    doubtful: frozenset[str] = frozenset(),
    blank: bool = False,
) -> list[Check]:
    """Run every check of a question.

    student: gives a live proxy each time it is asked: after a timeout or a crash, that of a fresh
    worker. A failure of a question that builds on earlier ones (`uses`) is tried again with the
    reference in their place, so that only its own mistakes count. Where one of those is among the
    `doubtful` (known not to be right), the reference comes first, which spares waiting for it to
    hang again. blank: the answer's cell is as it was released; the first check that ends in it
    speaks for all.
    """
    run = _Run(slug, question, student, secret, bool(doubtful.intersection(question.uses)))
    results: list[Check] = []
    for check in suite(slug, question.name):
        if blank and results and results[0].message == NO_ANSWER:
            results.append(_result(check, outcome="failed", message=NO_ANSWER))
        elif sum(result.lost_worker for result in results) >= MAX_LOST_WORKERS:
            results.append(_result(check, outcome="failed", message=NOT_RUN))
        else:
            start = time.perf_counter()
            results.append(_run_check(check, run))
            results[-1].seconds = round(time.perf_counter() - start, 4)
    _hold_back(list(zip(suite(slug, question.name), results, strict=True)), run)
    return results


def _hold_back(done: list[tuple[HiddenCheck, Check]], run: _Run) -> None:
    """Fail the checks that come after something that fails: the student reads that they are judged
    later. What they come after is run here if it is no check of the suite itself.
    """
    passes: dict[Callable[..., None], bool] = {}
    for check, result in done:
        passes[check.function] = passes.get(check.function, True) and result.outcome == "passed"
    for check, result in done:
        first = check.after
        if first is None or result.outcome == "ungraded" or result.lost_worker:
            continue
        if result.message in (NOT_RUN, NO_ANSWER):
            continue
        if first not in passes:
            like = replace(check, name=first.__name__, function=first, takes=GIVEN, parameters={})
            passes[first] = _run_check(like, run).outcome == "passed"
        if not passes[first]:
            result.staff = result.staff or f"passed, but {first.__name__} did not"
            result.outcome, result.message = "failed", NOT_YET


def judge_question(
    slug: str,
    question: Question,
    student: Callable[[], Student],
    secret: str,
    result: QuestionResult,
    doubtful: frozenset[str] = frozenset(),
) -> None:
    """Run every check of a question (as `run_question`), and fill in its result."""
    result.checks = run_question(slug, question, student, secret, doubtful, result.blank)
    result.score = score(question, result.checks)
    result.outcome = "ungraded" if result.score is None else "graded"


def _result(check: HiddenCheck, **fields: Any) -> Check:
    return Check(
        name=check.name,
        title=check.title,
        weight=round(check.weight, 6),
        aspect=check.aspect,
        spoils=check.spoils,
        **fields,
    )


def _run_check(check: HiddenCheck, run: _Run) -> Check:
    raised: BaseException | None = None
    broken = ""
    try:
        for references in run.attempts():
            student = run.student()
            raised = _attempt(check, student, run.secret, references)
            broken = session_of(student).broken_callback
            if raised is None:
                return _result(check, outcome="passed")
    except StudentError as error:  # the notebook itself cannot be brought up
        raised = error
    except AutograderError as error:
        return _result(check, outcome="ungraded", staff=f"{error.message} {error.detail}".strip())
    assert raised is not None
    return _judge(check, raised, broken, run)


def _attempt(
    check: HiddenCheck, student: Student, secret: str, references: dict[str, Callable[..., Any]]
) -> BaseException | None:
    try:
        with (
            session_of(student).one_check(),
            stand_ins(student, references) if references else nullcontext(),
        ):
            return check.run(student, secret)
    except StudentError as error:
        return error


def _judge(check: HiddenCheck, raised: BaseException, broken: str, run: _Run) -> Check:
    """Whose fault was it? What student code raised, and a comparison that fails, are theirs; for
    the rest the reference decides.

    broken: what a function of ours raised when student code called it, which may be their arguments
    or our mistake.
    """
    result = _result(check, outcome="failed", staff=f"{type(raised).__name__}: {raised}"[:1000])
    if isinstance(raised, StudentError):
        result.message, result.lost_worker = describe(raised), raised.fatal
    elif isinstance(raised, CheckFailed):
        result.message = clean(raised.told, MESSAGE_CHARS)  # may name what the student's side sent
    elif isinstance(raised, AutograderError):
        result.outcome = "ungraded"
    if broken or not isinstance(raised, StudentError | AutograderError | CheckFailed):
        ours = check.run(local_student(oracles(run.slug)), run.secret)
        if ours is not None:
            also = f"the reference fails this check as well: {type(ours).__name__}: {ours}"
            result.outcome = "ungraded"
            result.staff = f"{result.staff} ({'; '.join(part for part in (broken, also) if part)})"[
                :2000
            ]
    return result


def describe(error: StudentError) -> str:
    """What a student reads of an error in their own code: of a long message (torch prints whole
    tensors) its first line.
    """
    if error.kind == "NotImplementedError" and "NotImplementedError" in error.source:
        return NO_ANSWER
    where = f" (line {error.line}: {error.source})" if error.line and error.source else ""
    if error.kind in PLAIN_KINDS:
        return f"{error.message}{where}"
    lines = error.message.strip().splitlines()
    message = lines[0].strip() if lines else ""
    if len(message) > FIRST_LINE_CHARS:
        message = f"{message[:FIRST_LINE_CHARS].rstrip()} ..."
    return f"your code raised {error.kind}{': ' if message else ''}{message}{where}"


def score(question: Question, checks: list[Check]) -> float | None:
    """Points x weights passed / all weights, and no more than what a question with such a mistake
    may keep (aspects.KEPT); None when a check could not be decided.
    """
    if any(check.outcome == "ungraded" for check in checks):
        return None
    total = sum(check.weight for check in checks)
    if not total:
        return None
    passed = sum(check.weight for check in checks if check.outcome == "passed")
    failed = [check.spoils for check in checks if check.outcome == "failed"]
    if not failed:
        return question.points  # all of them, even a third
    return round(question.points * kept(failed, passed / total), 4)
