"""What a hidden suite is written with (`weight`, `close`, `has_shape`, ...), and the runner that turns it into results.

Suites are pytest functions over the fixtures `student` and `draw`. They are collected once and run as often as there are
submissions. A comparison that fails never shows its values: the docstring of the check is all that a student is told.
"""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pytest
import torch

from autograder.assignment import Question
from autograder.errors import AutograderError, CourseError, StudentError
from autograder.proxy import Student, reference_student
from autograder.report import Check

if TYPE_CHECKING:
    from _pytest.config import Config

SUITES = Path(__file__).resolve().parent / "suites"

F = TypeVar("F", bound=Callable[..., Any])


class CheckFailed(AssertionError):
    """The student's result is not right. The text is for staff; it names no expected value."""


# Written in suites


def weight(value: float) -> Callable[[F], F]:
    """How much a check weighs in its question's score (1 without it)."""

    def mark(function: F) -> F:
        return pytest.mark.weight(value)(function)

    return mark


def close(actual: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """Fail unless `actual` has the shape and, within tolerance, the values of `expected` (tensors, numbers, or nests of them)."""
    if isinstance(expected, list | tuple):
        if not isinstance(actual, list | tuple) or len(actual) != len(expected):
            raise CheckFailed(f"expected {len(expected)} values, got {_kind(actual)}")
        for mine, theirs in zip(actual, expected, strict=True):
            close(mine, theirs, rtol, atol)
        return
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or actual.keys() != expected.keys():
            raise CheckFailed(f"expected a dict of {len(expected)} values, got {_kind(actual)}")
        for key, theirs in expected.items():
            close(actual[key], theirs, rtol, atol)
        return
    mine, theirs = _tensor(actual), torch.as_tensor(expected)
    if mine.shape != theirs.shape:
        raise CheckFailed(f"shape {tuple(mine.shape)}, expected {tuple(theirs.shape)}")
    if mine.is_meta or theirs.is_meta:
        return
    wide = torch.complex128 if mine.is_complex() or theirs.is_complex() else torch.float64
    mine, theirs = mine.detach().to("cpu", wide), theirs.detach().to("cpu", wide)
    if not torch.allclose(mine, theirs, rtol=rtol, atol=atol):
        raise CheckFailed(f"values are off by up to {float((mine - theirs).abs().max()):.3g}")


def same(actual: Any, expected: Any) -> None:
    """Fail unless the values agree exactly: indices, counts, flags."""
    close(actual, expected, rtol=0.0, atol=0.0)


def has_shape(actual: Any, *shape: int) -> None:
    """Fail unless `actual` is a tensor (or number) of this shape."""
    if (found := tuple(_tensor(actual).shape)) != shape:
        raise CheckFailed(f"shape {found}, expected {shape}")


def is_true(condition: Any, staff: str = "") -> None:
    """Fail unless the condition holds. `staff` is kept for staff, never shown to students."""
    if not bool(condition):
        raise CheckFailed(staff or "the condition does not hold")


def inputs_unchanged(student: Student) -> None:
    """Fail when the student's last call changed one of the tensors that it was given."""
    if student._session.mutated:
        raise CheckFailed("an argument was changed in place")


def has_dtype(actual: Any, dtype: torch.dtype) -> None:
    """Fail unless `actual` is a tensor of this dtype."""
    if not isinstance(actual, torch.Tensor) or actual.dtype != dtype:
        raise CheckFailed(f"{_kind(actual)} of {getattr(actual, 'dtype', 'no dtype')}, expected {dtype}")


def same_gradients(
    call: Callable[..., Any], oracle: Callable[..., Any], *inputs: torch.Tensor, rtol: float = 1e-4, atol: float = 1e-7
) -> None:
    """Fail unless `call` sends the gradients to its inputs that `oracle` sends, for an output weighed element by element."""
    close(_gradients(call, inputs), _gradients(oracle, inputs), rtol, atol)


def _gradients(call: Callable[..., Any], inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    leaves = [tensor.detach().clone().requires_grad_() for tensor in inputs]
    output = call(*leaves)
    if not isinstance(output, torch.Tensor) or not output.requires_grad:
        raise CheckFailed("the result has no gradient")
    # unequal cotangents, so that gradients of the wrong element do not go unseen
    cotangent = torch.linspace(1.5, 0.5, output.numel(), dtype=output.dtype, device=output.device)
    output.backward(cotangent.reshape(output.shape))
    return [torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in leaves]


VALUE_DEPENDENT = ("item() cannot be called on meta", "torch.nonzero()", "Meta kernel registered")
"""What torch says when code looks at the values of a meta tensor (an `if` on a tensor, the validation in torch.distributions)."""


def follows_device(call: Callable[..., Any], oracle: Callable[..., Any], *args: Any) -> None:
    """Fail unless `call` computes where its inputs lie: on the meta device, a tensor that was made on the CPU does not mix in.

    Code that looks at values is right on any real device and cannot run on meta, which has none: it is let pass.
    """
    expected = oracle(*args)  # on the CPU, where it is cheap: only its shapes count
    try:
        actual = call(*[value.to("meta") if isinstance(value, torch.Tensor) else value for value in args])
    except StudentError as error:
        if any(words in error.message for words in VALUE_DEPENDENT):
            return
        raise
    close(actual, expected)  # shapes alone: there are no values on meta
    for mine in actual if isinstance(actual, list | tuple) else [actual]:
        is_true(isinstance(mine, torch.Tensor) and mine.is_meta, "the result is not on the inputs' device")


def _tensor(actual: Any) -> torch.Tensor:
    if isinstance(actual, torch.Tensor):
        return actual
    if isinstance(actual, bool | int | float | complex) or (isinstance(actual, list) and actual):
        try:
            return torch.as_tensor(actual)
        except (ValueError, TypeError, RuntimeError):
            pass
    raise CheckFailed(f"expected a tensor, got {_kind(actual)}")


def _kind(value: Any) -> str:
    return f"{type(value).__name__} of {len(value)}" if isinstance(value, list | tuple | dict) else type(value).__name__


class Draw:
    """Random inputs of one check: fixed by the secret and the check's name, unknown to students. CPU tensors, float64 unless told."""

    def __init__(self, secret: str, check: str) -> None:
        digest = hashlib.sha256(f"{secret}|{check}".encode()).digest()
        self._generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") % 2**63)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        return torch.randn(shape, generator=self._generator, dtype=torch.float64).to(dtype)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        return (low + (high - low) * torch.rand(shape, generator=self._generator, dtype=torch.float64)).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """int64 in low..high-1."""
        return torch.randint(low, high, shape, generator=self._generator)

    def permutation(self, n: int) -> torch.Tensor:
        return torch.randperm(n, generator=self._generator)


# The runner


class _Plugin:
    """Gives the fixtures and keeps what each check raised."""

    def __init__(self) -> None:
        self.current: Student | None = None
        self.secret = ""
        self.raised: BaseException | None = None

    @pytest.fixture
    def student(self) -> Student:
        assert self.current is not None
        return self.current

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Draw:
        return Draw(self.secret, request.node.name)

    def pytest_configure(self, config: Config) -> None:
        config.addinivalue_line("markers", "weight(value): how much a check weighs in its question's score")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A bare report: pytest's own formats the traceback, which takes ten times as long as the check that failed."""
        if call.excinfo is not None and self.raised is None:
            self.raised = call.excinfo.value
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, longrepr=None, when=call.when)  # type: ignore[arg-type]  # never "collect" here


UNUSED_PLUGINS = (
    *("cacheprovider", "terminal", "capture", "faulthandler"),
    *("logging", "warnings", "unraisableexception", "threadexception", "setuponly"),  # a quarter of a check's time
)


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
        try:
            items = self._session.perform_collect()
        except Exception as error:
            raise CourseError(f"{file}: the suite cannot be collected: {error}") from error
        self.items = [item for item in items if isinstance(item, pytest.Function)]
        if not self.items:
            raise CourseError(f"{file}: there is no check in it")
        for item in self.items:
            if not self.title(item):
                raise CourseError(f"{file}: {item.name} has no docstring: students would not be told what failed")

    @staticmethod
    def title(item: pytest.Function) -> str:
        return ((item.function.__doc__ or "").strip().splitlines() or [""])[0].strip()

    @staticmethod
    def weight(item: pytest.Function) -> float:
        mark = item.get_closest_marker("weight")
        return float(mark.args[0]) if mark else 1.0

    def run(self, item: pytest.Function, student: Student, secret: str) -> BaseException | None:
        """One check, in pytest's own protocol; what it raised, or None when it passed."""
        from _pytest.runner import runtestprotocol

        plugin = self._plugin
        plugin.current, plugin.secret, plugin.raised = student, secret, None
        item._initrequest()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            runtestprotocol(item, log=False, nextitem=None)
        return plugin.raised


@cache
def suite(slug: str, question: str) -> Suite:
    """The suite of a question. Raises CourseError when there is none, or when it cannot be collected."""
    file = SUITES / slug / f"test_{question}.py"
    if not file.is_file():
        raise CourseError(f"{file} is missing: question {question} of {slug} has no hidden checks")
    return Suite(file)


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
    import importlib

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


def suite_digest(slug: str) -> str:
    """SHA-256 over everything that decides a score on our side: suites, oracles, and this runner."""
    here = Path(__file__).resolve().parent
    files = [*sorted((SUITES / slug).glob("test_*.py")), here / "reference" / f"{slug}.py", here / "checks.py", here / "proxy.py"]
    digest = hashlib.sha256()
    for file in [*files, *sorted((here / "sandbox").glob("*.py"))]:
        if file.is_file():
            digest.update(f"{file.relative_to(here)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
