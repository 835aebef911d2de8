"""What the suites of the lab `unpaired` share: images and maps of two domains, and their losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.checks import CheckFailed, Watched

Map = Callable[[Tensor], Tensor]


def images(draw: Any, n_a: int = 3, n_b: int = 4, shape: tuple[int, ...] = (1, 3, 2)) -> Any:
    """A batch of each domain. Values leave [-1, 1], since no loss cuts them."""
    return 1.5 * draw.normal(n_a, *shape), 1.5 * draw.normal(n_b, *shape) + 0.5


def into_b(x: Tensor) -> Tensor:
    """A map that does not commute with `into_a`."""
    return 1.3 * x + 0.4 * x.square() + 0.2


def into_a(x: Tensor) -> Tensor:
    return 0.7 * x.flip(-1) - 0.3


def watched() -> tuple[Watched, Watched]:
    return Watched(into_b), Watched(into_a)


def parts(result: Any, n: int = 2) -> list[Any]:
    """The scalars of a result, each a tensor."""
    if not isinstance(result, list | tuple) or len(result) != n:
        raise CheckFailed(f"not {n} results", told=f"{n} results are asked for")
    return list(result)


def weighted(call: Callable[..., Any], n: int = 2) -> Callable[..., Tensor]:
    """A call's scalars, each with its own weight, in one: for gradients."""

    def combined(*given: Tensor) -> Tensor:
        found = parts(call(*given), n)
        return sum((2.0 - 0.7 * i) * part for i, part in enumerate(found))

    return combined


def no_graph(value: Any) -> bool:
    return not (isinstance(value, Tensor) and value.requires_grad)
