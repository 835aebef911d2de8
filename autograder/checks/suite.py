"""The hidden checks of a question: functions of `suites/<slug>/<question>/checks.py`, collected
once by pytest and called by us.

pytest gives parameters and marks through its public hooks. It runs each function of a suite once,
while it is collected, and finds in its place a stub that notes what there is to call: no submission
waits for pytest's fixtures.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import autograder.suites
from autograder.checks.aspects import DEFAULT, aspect_of, first_of, problem_with, shares
from autograder.checks.draw import Draw
from autograder.course.assignment import suites_folder
from autograder.errors import CourseError, OverBudget
from autograder.sandbox.proxy import Student

CHECKS, ORACLE = "checks.py", "oracle.py"
GIVEN = frozenset({"student", "draw"})
"""What a check may ask for, beside its own parameters."""
UNUSED_PLUGINS = (
    *("cacheprovider", "terminal", "capture", "faulthandler", "logging", "warnings"),
    *("unraisableexception", "threadexception", "setuponly", "debugging", "junitxml"),
)


@dataclass(frozen=True)
class HiddenCheck:
    """One check with its parameters. `title` is the line that a student reads when it fails."""

    name: str
    title: str
    aspect: str
    spoils: bool
    """Whether the mistakes that it finds spoil a result or a training run (aspects.py)."""
    function: Callable[..., None] = field(repr=False)
    weight: float = 0.0
    """What it counts of its question, 1 in all."""
    after: Callable[..., None] | None = field(default=None, repr=False)
    """What has to pass before this check is judged."""
    takes: frozenset[str] = frozenset()
    """Which of `student` and `draw` it asks for."""
    parameters: dict[str, Any] = field(default_factory=dict, repr=False)

    def run(self, student: Student, secret: str) -> BaseException | None:
        """What the check raised; None when it passed."""
        given = {"student": student, "draw": Draw(secret, self.name)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.function(**{name: given[name] for name in self.takes}, **self.parameters)
            except (KeyboardInterrupt, OverBudget):
                raise
            except BaseException as error:
                return error
        return None


class _Collector:
    """The pytest plugin that notes every check in place of running it."""

    def __init__(self) -> None:
        self.expected: list[str] = []
        self.found: dict[str, HiddenCheck] = {}
        self.weights: Any = {DEFAULT: 1.0}
        """The suite's ASPECTS."""
        self.problem = ""
        """The end of a sentence that begins with the suite's file."""
        self.detail = ""

    @pytest.fixture
    def student(self) -> None:
        """Replaced by the proxy of a notebook when the check is called."""

    @pytest.fixture
    def draw(self) -> None:
        """Replaced as well."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line(
            "markers", "aspect(name, spoils): what of its question a check looks at"
        )
        config.addinivalue_line(
            "markers", "after(first): what has to pass before a check is judged"
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problem, self.detail = "the suite cannot be collected", str(report.longrepr)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.expected = [item.name for item in items]

    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> None:
        name = fixturedef.argname
        if name not in (*GIVEN, *_parameters(request.node)):
            what = (
                "a setup or teardown function"
                if name.startswith("_xunit")
                else f"the fixture {name!r}"
            )
            self.problem = (
                f"{request.node.name} needs {what}; a check takes `student`, `draw` "
                "and its own parameters only"
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        function, name = pyfuncitem.obj, pyfuncitem.name
        title = " ".join((function.__doc__ or "").strip().partition("\n\n")[0].split())
        if not title:
            self.problem = (
                f"{name} has no docstring. Write one: students read it when the check fails"
            )
        elif pyfuncitem.get_closest_marker("xfail"):
            self.problem = f"{name} is marked xfail; a check passes or fails"
        elif any(mark.kwargs.get("indirect") for mark in pyfuncitem.iter_markers("parametrize")):
            self.problem = f"{name} has an indirect parameter, which only a fixture could use"
        self.weights = getattr(pyfuncitem.module, "ASPECTS", self.weights)
        asked = inspect.signature(function).parameters
        self.found[name] = HiddenCheck(
            name,
            title,
            *aspect_of(pyfuncitem),
            function,
            0.0,
            first_of(pyfuncitem),
            GIVEN.intersection(asked),
            {
                key: value
                for key, value in pyfuncitem.funcargs.items()
                if key in asked and key not in GIVEN
            },
        )
        return True

    def missing(self) -> str:
        """What keeps the collected suite from being used; empty when it is in order."""
        if self.problem:
            return self.problem
        if not self.expected:
            return "there is no check in it"
        skipped = [name for name in self.expected if name not in self.found]
        if skipped:
            return f"{skipped[0]} is skipped; a check always runs"
        return problem_with(self.weights, [check.aspect for check in self.found.values()])

    def checks(self) -> list[HiddenCheck]:
        """Every check in the suite's order, each with its weight."""
        found = [self.found[name] for name in self.expected]
        weights = shares(self.weights, [(check.aspect, check.function.__name__) for check in found])
        return [replace(check, weight=weight) for check, weight in zip(found, weights, strict=True)]


def _parameters(node: pytest.Item | pytest.Collector) -> set[str]:
    """Names of the parameters that `parametrize` gives a check directly."""
    names: set[str] = set()
    for mark in node.iter_markers("parametrize"):
        if not mark.kwargs.get("indirect"):
            given = mark.args[0] if mark.args else mark.kwargs["argnames"]
            names.update(
                name.strip() for name in (given.split(",") if isinstance(given, str) else given)
            )
    return names


def read_suite(file: Path) -> list[HiddenCheck]:
    """The checks of one file, in its order. Raises CourseError that names the file and what is not
    in order.
    """
    collector = _Collector()
    line = [
        str(file),
        "--rootdir",
        str(file.parent.parent.parent),
        "-c",
        "/dev/null",
        "-o",
        f"python_files={file.name}",
    ]
    line += ["--import-mode=importlib", "--disable-plugin-autoload"]
    for plugin in UNUSED_PLUGINS:
        line += ["-p", f"no:{plugin}"]
    before = set(sys.modules)
    pytest.main(line, plugins=[collector])
    for name in (
        sys.modules.keys() - before
    ):  # pytest would give the same module for another text of this file
        if getattr(sys.modules[name], "__file__", None) == str(file):
            del sys.modules[name]
    if problem := collector.missing():
        raise CourseError(f"{file}: {problem}", detail=collector.detail)
    return collector.checks()


def use_suites_of(root: Path) -> None:
    """Take suites and oracles from the course at `root` from now on, in this process.

    `autograder.suites` is then the course's folder of suites, so that `from
    autograder.suites.vae.kl_divergence import oracle` means the same wherever the course lies.
    """
    folder = str(suites_folder(root))
    if list(autograder.suites.__path__) == [folder]:
        return
    autograder.suites.__path__[:] = [folder]
    forget_suites()


@contextmanager
def suites_as_they_are_now(root: Path) -> Iterator[None]:
    """Within it, suites and oracles of the course at `root` are read anew from their files."""
    before = list(autograder.suites.__path__)
    autograder.suites.__path__[:] = [str(suites_folder(root))]
    forget_suites()
    try:
        yield
    finally:
        autograder.suites.__path__[:] = before
        forget_suites()


def forget_suites() -> None:
    """Forget every suite and oracle that was read."""
    suite.cache_clear()
    for name in [name for name in sys.modules if name.startswith("autograder.suites.")]:
        del sys.modules[name]
    for name in [name for name in vars(autograder.suites) if not name.startswith("__")]:
        delattr(autograder.suites, name)
    importlib.invalidate_caches()


def _folder(slug: str, question: str = "") -> Path:
    return Path(autograder.suites.__path__[0]) / slug / question


@cache
def suite(slug: str, question: str) -> list[HiddenCheck]:
    """The hidden checks of a question. Raises CourseError when there are none, or when they cannot
    be collected.
    """
    file = _folder(slug, question) / CHECKS
    if not file.is_file():
        raise CourseError(
            f"{file} is missing: question {question} of {slug} has no hidden checks. Write them "
            "(docs/authoring.md)"
        )
    return read_suite(file)


def collect(slug: str) -> None:
    """Read all suites and oracles of an assignment ahead of the first submission."""
    for file in sorted(_folder(slug).glob(f"*/{CHECKS}")):
        suite(slug, file.parent.name)
    oracles(slug)


def oracle(slug: str, question: str) -> Callable[..., Any]:
    """The reference implementation of a question. Raises CourseError when there is none."""
    try:
        found: Callable[..., Any] = getattr(
            importlib.import_module(f"autograder.suites.{slug}.{question}.oracle"), question
        )
    except Exception as error:
        file = _folder(slug, question) / ORACLE
        if file.is_file() and not isinstance(error, AttributeError):
            raise CourseError(f"{file} cannot be imported: {error!r}") from error
        raise CourseError(
            f"{file} does not define {question}: write the question's function there",
            detail=repr(error),
        ) from error
    return found


def oracles(slug: str) -> dict[str, Callable[..., Any]]:
    """The reference implementations of an assignment, by question; classes by their own name, too:
    the question `actnorm` asks for a class `ActNorm`.
    """
    names = sorted(file.parent.name for file in _folder(slug).glob(f"*/{ORACLE}"))
    found = {name: oracle(slug, name) for name in names}
    return found | {each.__name__: each for each in found.values() if isinstance(each, type)}
