"""The losses of the two players: what their oracles and their checks share."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import after, aspect, close, same_gradients
from autograder.suites.gan.titles import Check, by_name, titled


def log_one_plus_exp(x: Tensor) -> Tensor:
    """log(1 + e^x), exact at both ends, in float64."""
    wide = x.double().flatten()
    return torch.logaddexp(torch.zeros_like(wide), wide)


@functools.cache  # so that what comes after `test_values` comes after the suite's own
def loss_checks(oracle: Callable[..., Tensor], called: str) -> dict[str, Check]:
    """Checks of a loss of the discriminator (two batches of outputs) or of the generator (one).

    called: what the text calls the outputs.
    """
    n_batches = len(inspect.signature(oracle).parameters)
    of_both = " of real and of fake images" if n_batches > 1 else ""

    def outputs(draw: Any, *shape: int) -> list[Tensor]:
        return [2 * draw.normal(*shape) + 1 - number for number in range(n_batches)]

    def agree(student: Any, *given: Tensor) -> None:
        close(getattr(student, oracle.__name__)(*given), oracle(*given))

    @titled(f"is right for random {called}{of_both}")
    def test_values(student: Any, draw: Any) -> None:
        agree(student, *outputs(draw, 7))

    @after(test_values)
    @pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2), (130, 1)])
    @titled(
        f"averages over all elements of {called} of any shape, a single image and maps of patches "
        "included"
    )
    def test_shapes(student: Any, draw: Any, shape: tuple[int, ...]) -> None:
        agree(student, *outputs(draw, *shape))

    @after(test_values)
    @titled("gives real and fake images the same weight when their batches differ in size")
    def test_unequal_batches(student: Any, draw: Any) -> None:
        for n_real, n_fake in ((3, 8), (9, 1)):
            agree(student, outputs(draw, n_real)[0], outputs(draw, n_fake)[1])

    @aspect("gradients")
    @after(test_values)
    @titled(f"sends the right gradients to the {called}{of_both}")
    def test_gradients(student: Any, draw: Any) -> None:
        for one, other in ((4, 6), (1, 3)):
            given = [outputs(draw, one, 1)[0], outputs(draw, other, 1)[-1]][-n_batches:]
            same_gradients(getattr(student, oracle.__name__), oracle, *given)

    @aspect("edges")
    @after(test_values)
    @titled(f"takes {called} without any axis, of shape ()")
    def test_no_axis(student: Any, draw: Any) -> None:
        agree(student, *outputs(draw))

    checks = [test_values, test_shapes, test_gradients, test_no_axis]
    return by_name(*checks, *([test_unequal_batches] if n_batches > 1 else []))


def logit_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of a loss whose logits are large, or exactly 0. They end in one of both signs."""
    n_batches = len(inspect.signature(oracle).parameters)
    dtypes = pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    once_plain = after(loss_checks(oracle, "logits")["test_values"])

    def same_gradients_at(student: Any, *given: Tensor, atol: float = 1e-7) -> None:
        same_gradients(getattr(student, oracle.__name__), oracle, *given, atol=atol)

    @once_plain
    @dtypes
    @titled("stays finite and exact when logits are very large, of either sign")
    def test_extreme_logits(student: Any, draw: Any, dtype: torch.dtype) -> None:
        signs = torch.tensor([1, 1, 1, -1, -1, -1]), torch.tensor([1, 1, -1, -1, -1, -1])
        for scale in (15.0, 40.0, 100.0, 1e4):
            given = [scale * draw.uniform(6, low=0.9, dtype=dtype) * sign for sign in signs]
            for logits in (given, [-item for item in given]):
                close(
                    getattr(student, oracle.__name__)(*logits[:n_batches]),
                    oracle(*logits[:n_batches]),
                )

    @aspect("gradients")
    @once_plain
    @dtypes
    @titled("sends finite and right gradients to logits that are very large, of either sign")
    def test_extreme_gradients(student: Any, draw: Any, dtype: torch.dtype) -> None:
        signs = torch.tensor([1, -1, 1, -1, -1], dtype=dtype)
        for scale in (25.0, 100.0, 1e4):
            same_gradients_at(student, *[scale * signs, -scale * signs][:n_batches])

    @aspect("gradients")
    @once_plain
    @titled("sends the right gradients, however small, where the discriminator is sure")
    def test_small_gradients(student: Any, draw: Any) -> None:
        signs = torch.tensor([1, -1, 1, -1, 1, -1])
        given = [draw.uniform(6, low=8, high=15) * signs for _ in range(n_batches)]
        same_gradients_at(student, *given, atol=0.0)

    @aspect("edges")
    @once_plain
    @titled("sends the right gradient where a logit is exactly 0")
    def test_zero_logits(student: Any, draw: Any) -> None:
        given = [draw.normal(4) for _ in range(n_batches)]
        for logits in given:
            logits[1:3] = 0
        same_gradients_at(student, *given)

    return by_name(
        test_extreme_logits, test_extreme_gradients, test_small_gradients, test_zero_logits
    )


def square_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of a least-squares loss: outputs far away, and outputs on their targets."""
    n_batches = len(inspect.signature(oracle).parameters)
    once_plain = after(loss_checks(oracle, "outputs")["test_values"])

    @once_plain
    @titled("takes outputs as they are, far outside [0, 1] too")
    def test_raw_outputs(student: Any, draw: Any) -> None:
        for scale in (50, 3000):
            given = [scale * draw.normal(6) for _ in range(n_batches)]
            close(getattr(student, oracle.__name__)(*given), oracle(*given))

    @aspect("edges")
    @once_plain
    @titled("sends finite and right gradients where every output is exactly on its target")
    def test_on_target(student: Any, draw: Any) -> None:
        on_target = [torch.ones(4, 1).double(), torch.zeros(6, 1).double()][:n_batches]
        same_gradients(getattr(student, oracle.__name__), oracle, *on_target)

    return by_name(test_raw_outputs, test_on_target)
