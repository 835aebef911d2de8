"""Checks of what moves noise along a field step by step, whatever it returns of the path."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import Watched, aspect, close, is_true, once_right, refuses, usual_checks
from autograder.suites.diffusion.gaussian_field.oracle import gaussian_field
from autograder.suites.diffusion.probability_paths import Place, timed_twins, times_of

Check = Callable[..., None]


def right_in_general(student: Any, draw: Any, oracle: Callable[..., Tensor]) -> None:
    """Fail unless an answer is right for a usual call: then an edge can be judged."""
    call = Place.of(draw, 3), draw.normal(4, 3), 3
    once_right(getattr(student, oracle.__name__)(*call), oracle(*call))


def has_order(sample: Callable[..., Tensor], draw: Any, order: int) -> None:
    """Fail unless the error falls with this power of the step, where paths have known ends."""
    x_0, mean = draw.normal(6, 2), 2 * draw.normal(2)
    std = draw.uniform(2, low=1.2, high=2.0)
    errors = [
        (sample(lambda x, t: gaussian_field(x, t, mean, std), x_0, n) - (mean + std * x_0))
        .abs()
        .max()
        for n in (16, 32)
    ]
    is_true(1e-13 < errors[1] < 0.5, f"error {float(errors[1]):.2g}")
    found = math.log2(float(errors[0] / errors[1]))
    is_true(abs(found - order) < 0.4, f"order {found:.2f}")


def solver_checks(
    oracle: Callable[..., Tensor], nodes: Sequence[int], calls_as: str
) -> dict[str, Check]:
    """Checks of oracle(network, x_0, n_steps), by name.

    nodes: where in each step, in steps, the network is asked. calls_as: what the text says of that.
    """

    def asked(student: Any) -> Any:
        return getattr(student, oracle.__name__)

    def agree(student: Any, *call: Any) -> None:
        close(asked(student)(*call), oracle(*call))

    @pytest.mark.parametrize("n_steps", [1, 2, 5])
    def test_steps(student: Any, draw: Any, n_steps: int) -> None:
        """is right after one, two and more steps, in a field that changes with time"""
        agree(student, Place.of(draw, 3), draw.normal(5, 3), n_steps)

    @pytest.mark.parametrize("shape", [(3, 2, 4, 3), (4, 1, 7)], ids=str)
    def test_images(student: Any, draw: Any, shape: tuple[int, ...]) -> None:
        """works for images and other shapes"""
        agree(student, Place.of(draw, *shape[1:]), draw.normal(*shape), 3)

    @pytest.mark.parametrize("n_steps", [1, 4, 10])
    def test_calls(student: Any, draw: Any, n_steps: int) -> None:
        watched, x_0 = Watched(Place.of(draw, 3)), draw.normal(5, 3)
        value = asked(student)(watched, x_0, n_steps)
        expected = [(k + node) / n_steps for k in range(n_steps) for node in nodes]
        is_true(len(watched.calls) == len(expected), f"{len(watched.calls)} calls")
        close(torch.tensor(times_of(watched)), torch.tensor(expected))
        is_true(all(tuple(x.shape) == (5, 3) for x, _ in watched.calls))
        close(value, oracle(watched.function, x_0, n_steps))

    test_calls.__doc__ = f"calls the network {calls_as}, with one time for each sample"

    @aspect("graph")
    @pytest.mark.parametrize("needs", [False, True], ids=["data", "leaf"])
    def test_no_graph(student: Any, draw: Any, needs: bool) -> None:
        """records no graph, though the parameters of the network need gradients, or x_0 does"""
        net, ours, _, _ = timed_twins(student, draw, 3)
        x_0 = draw.normal(4, 3).requires_grad_(needs)
        x = asked(student)(net, x_0, 3)
        close(x, oracle(ours, x_0, 3))
        is_true(not x.requires_grad, "the result needs gradients")

    @aspect("edges")
    def test_recording(student: Any, draw: Any) -> None:
        """leaves torch's recording of gradients as it was"""
        right_in_general(student, draw, oracle)
        for enabled in (True, False):
            program = (
                "lambda torch, sample, x: [(lambda before: [torch.set_grad_enabled(before),"
                " sample(lambda x, t: x, x, 2), torch.is_grad_enabled(),"
                f" torch.set_grad_enabled(True)][2])({enabled})]"
            )
            found = student.new("builtins.eval", program)(
                student.new("importlib.import_module", "torch"), asked(student), draw.normal(3, 2)
            )
            is_true(next(iter(found)) is enabled)

    @aspect("edges")
    @pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
    def test_mode(student: Any, draw: Any, training: bool) -> None:
        """leaves the network in its mode"""
        right_in_general(student, draw, oracle)
        net, ours, theirs, twin = timed_twins(student, draw, 3, statistics=True)
        theirs.train(training)
        twin.train(training)
        x_0 = draw.normal(6, 3)
        value = asked(student)(net, x_0, 2)
        close(value, oracle(ours, x_0, 2))
        is_true(theirs.training is training and theirs[1].training is training)

    @aspect("edges")
    def test_precision(student: Any, draw: Any) -> None:
        """gives the network places and times in the precision of x_0"""
        right_in_general(student, draw, oracle)
        for dtype in (torch.float32, torch.float64):
            watched = Watched(Place.of(draw, 3))
            asked(student)(watched, draw.normal(4, 3, dtype=dtype), 3)
            times_of(watched)
            is_true(all(x.dtype == t.dtype == dtype for x, t in watched.calls))

    @aspect("edges")
    @pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (5,), (1, 1, 1, 1)], ids=str)
    def test_one(student: Any, draw: Any, shape: tuple[int, ...]) -> None:
        """works for a batch of one, for samples of one number, and without further axes"""
        right_in_general(student, draw, oracle)
        agree(student, Place.of(draw, *shape[1:]), draw.normal(*shape), 2)

    @aspect("edges")
    def test_refusal(student: Any, draw: Any) -> None:
        """refuses less than one step with a ValueError"""
        right_in_general(student, draw, oracle)
        for n_steps in (0, -3):
            refuses(asked(student), Place.of(draw, 3), draw.normal(4, 3), n_steps)

    def calls(draw: Any) -> Any:
        yield Place.of(draw, 4), draw.normal(5, 4), 3
        yield Place.of(draw, 1, 2, 3), draw.normal(3, 1, 2, 3), 2

    checks: list[Check] = [
        test_steps,
        test_images,
        test_calls,
        test_no_graph,
        test_recording,
        test_mode,
        test_precision,
        test_one,
        test_refusal,
    ]
    return {check.__name__: check for check in checks} | usual_checks(oracle, calls)
