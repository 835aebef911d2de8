"""Runs the hidden suites: pytest functions, collected once and run as often as there are submissions, into results.

A comparison that fails never shows its values: the docstring of the check, and the student's own error, are all that a student is told.
"""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.assignment import Question
from autograder.checks import CheckFailed, Draw
from autograder.errors import AutograderError, CourseError, StudentError
from autograder.proxy import Student, reference_student
from autograder.report import Check

if TYPE_CHECKING:
    from _pytest.config import Config

SUITES = Path(__file__).resolve().parent / "suites"


class _Plugin:
    """Gives the fixtures of the check that is being run."""

    def __init__(self) -> None:
        self.current: Student | None = None
        self.secret = self.check = ""
        self.not_collected = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.not_collected = str(report.longrepr)

    @pytest.fixture
    def student(self) -> Student:
        assert self.current is not None
        return self.current

    @pytest.fixture
    def draw(self) -> Draw:
        return Draw(self.secret, self.check)

    def pytest_configure(self, config: Config) -> None:
        config.addinivalue_line("markers", "weight(value): how much a check weighs in its question's score")


UNUSED_PLUGINS = (
    *("cacheprovider", "terminal", "capture", "faulthandler"),
    *("logging", "warnings", "unraisableexception", "threadexception", "setuponly"),
)
CONDITIONAL_MARKS = ("skip", "skipif", "xfail")


class Suite:
    """The hidden checks of one question, collected once."""

    def __init__(self, file: Path) -> None:
        from _pytest.config import _prepareconfig
        from _pytest.main import Session

        self.file = file
        self._plugin = _Plugin()
        arguments = [str(file), "--rootdir", str(SUITES), "-c", "/dev/null", "--import-mode=importlib", "--disable-plugin-autoload"]
        for plugin in UNUSED_PLUGINS:
            arguments += ["-p", f"no:{plugin}"]
        config = _prepareconfig(arguments, plugins=[self._plugin])
        config._do_configure()
        self._session = Session.from_config(config)
        config.hook.pytest_sessionstart(session=self._session)
        items = self._session.perform_collect()
        if self._plugin.not_collected:
            raise CourseError(f"{file}: the suite cannot be collected", detail=self._plugin.not_collected)
        self.items = [item for item in items if isinstance(item, pytest.Function)]
        if not self.items:
            raise CourseError(f"{file}: there is no check in it")
        for item in self.items:
            if not self.title(item):
                raise CourseError(f"{file}: {item.name} has no docstring: students would not be told what failed")
        self._plain = {item for item in self.items if self._is_plain(item)}

    @staticmethod
    def title(item: pytest.Function) -> str:
        return ((item.function.__doc__ or "").strip().splitlines() or [""])[0].strip()

    @staticmethod
    def weight(item: pytest.Function) -> float:
        mark = item.get_closest_marker("weight")
        return float(mark.args[0]) if mark else 1.0

    def _is_plain(self, item: pytest.Function) -> bool:
        """Whether a check takes nothing but its parameters, `student` and `draw`, and always runs."""
        from _pytest.python import get_direct_param_fixture_func

        if any(item.get_closest_marker(mark) for mark in CONDITIONAL_MARKS):
            return False
        defined = item._fixtureinfo.name2fixturedefs
        functions = [defined[name][-1].func if name in defined else None for name in item.fixturenames]
        return all(
            function is get_direct_param_fixture_func or getattr(function, "__self__", None) is self._plugin for function in functions
        )

    def run(self, item: pytest.Function, student: Student, secret: str) -> BaseException | None:
        """One check, set up, called and torn down by pytest; what it raised, or None when it passed."""
        # Told of a neighbour that comes next, pytest tears down the check alone and leaves its module set up.
        neighbour = next((other for other in self.items if other is not item), None)
        plugin, state = self._plugin, self._session._setupstate
        plugin.current, plugin.secret, plugin.check = student, secret, item.name
        item._initrequest()
        raised = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in (lambda: self._set_up_and_call(item), lambda: state.teardown_exact(neighbour)):
                try:
                    step()
                except (KeyboardInterrupt, pytest.exit.Exception):
                    raise
                except BaseException as error:
                    raised = raised or error
        item.funcargs.clear()  # or the student's session would be held until the next run
        return raised

    def _set_up_and_call(self, item: pytest.Function) -> None:
        if item not in self._plain:
            item.ihook.pytest_runtest_setup(item=item)
            item.ihook.pytest_runtest_call(item=item)
            return
        # Most checks: pytest's fixtures and hooks, of which nothing is needed here, would take ten times as long as this.
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        item.funcargs.update(parameters, student=self._plugin.current, draw=Draw(self._plugin.secret, item.name))
        self._session._setupstate.setup(item)
        item.runtest()


@cache
def suite(slug: str, question: str) -> Suite:
    """The suite of a question. Raises CourseError when there is none, or when it cannot be collected."""
    file = SUITES / slug / f"test_{question}.py"
    if not file.is_file():
        raise CourseError(f"{file} is missing: question {question} of {slug} has no hidden checks")
    return Suite(file)


def collect(slug: str) -> None:
    """Collect all suites of an assignment, and import its oracles, ahead of the first submission."""
    importlib.import_module(f"autograder.reference.{slug}")
    for file in sorted((SUITES / slug).glob("test_*.py")):
        suite(slug, file.stem.removeprefix("test_"))


def run_question(
    slug: str, question: Question, student: Callable[[], Student], secret: str, doubtful: frozenset[str] = frozenset()
) -> list[Check]:
    """Run every check of a question.

    `student` gives a live proxy each time it is asked: after a timeout or a crash, that of a fresh worker. A failure of a question that
    builds on earlier ones (`uses`) is tried again with the reference in their place, so that only its own mistakes count. Where one of
    those is among the `doubtful` (known not to be right), the reference comes first, which spares waiting for it to hang again.
    """
    checks = suite(slug, question.name)
    results: list[Check] = []
    for item in checks.items:
        if sum(result.lost_worker for result in results) >= MAX_LOST_WORKERS:
            results.append(_not_run(checks, item))
        else:
            results.append(_run_check(checks, item, slug, question, student, secret, doubtful))
    return results


MAX_LOST_WORKERS = 2
"""Timeouts or crashes in one question before its other checks count as failed without being waited for."""


def _not_run(checks: Suite, item: pytest.Function) -> Check:
    message = "not tried: earlier checks of this question hung or ended the process"
    return Check(name=item.name, title=checks.title(item), weight=checks.weight(item), outcome="failed", message=message)


def _run_check(
    checks: Suite,
    item: pytest.Function,
    slug: str,
    question: Question,
    student: Callable[[], Student],
    secret: str,
    doubtful: frozenset[str],
) -> Check:
    start = time.perf_counter()
    result = Check(name=item.name, title=checks.title(item), weight=checks.weight(item), outcome="passed")
    stand_ins = _references(slug, question.uses)
    attempts = [{}, stand_ins] if stand_ins else [{}]
    if doubtful.intersection(question.uses):
        attempts.reverse()
    try:
        for functions in attempts:
            raised = _attempt(checks, item, student(), secret, functions)
            if raised is None:
                break
    except StudentError as error:  # the notebook itself cannot be brought up
        raised = error
    except AutograderError as error:
        result.outcome, result.staff = "ungraded", f"{error.message} {error.detail}".strip()
        return result
    _judge(result, raised, checks, item, slug, secret)
    result.seconds = round(time.perf_counter() - start, 4)
    return result


def _references(slug: str, names: list[str]) -> dict[str, Callable[..., Any]]:
    module = importlib.import_module(f"autograder.reference.{slug}")
    return {name: getattr(module, name) for name in names}


def _attempt(
    checks: Suite, item: pytest.Function, student: Student, secret: str, stand_ins: dict[str, Callable[..., Any]]
) -> BaseException | None:
    try:
        with student._with(stand_ins) if stand_ins else nullcontext():
            return checks.run(item, student, secret)
    except StudentError as error:
        return error


def _judge(result: Check, raised: BaseException | None, checks: Suite, item: pytest.Function, slug: str, secret: str) -> None:
    """Whose fault was it? What student code raised, and a comparison that fails, are theirs; for the rest the reference decides."""
    if raised is None:
        return
    result.outcome, result.staff = "failed", f"{type(raised).__name__}: {raised}"[:1000]
    if isinstance(raised, StudentError):
        result.message, result.lost_worker = describe(raised), raised.fatal
    elif isinstance(raised, AutograderError):
        result.outcome = "ungraded"
    elif not isinstance(raised, CheckFailed):
        ours = checks.run(item, reference_student(slug), secret)
        if ours is not None:
            result.outcome, result.staff = (
                "ungraded",
                f"{result.staff} (the reference fails this check as well: {type(ours).__name__}: {ours})"[:2000],
            )


def describe(error: StudentError) -> str:
    """What a student is told of an error in their own code."""
    if error.kind == "NotImplementedError" and "NotImplementedError" in error.source:
        return "there is no answer yet"
    where = f" (line {error.line}: {error.source})" if error.line and error.source else ""
    return f"your code raised {error}{where}" if error.kind not in PLAIN_KINDS else f"{error.message}{where}"


PLAIN_KINDS = frozenset({"Timeout", "Crash", "ProtocolError"})
"""Errors that our side words for the student: the sentence stands alone."""


def score(question: Question, checks: list[Check]) -> float | None:
    """Points x weights passed / all weights; None when a check could not be decided."""
    if any(check.outcome == "ungraded" for check in checks):
        return None
    total = sum(check.weight for check in checks)
    passed = sum(check.weight for check in checks if check.outcome == "passed")
    return round(question.points * passed / total, 4) if total else None
