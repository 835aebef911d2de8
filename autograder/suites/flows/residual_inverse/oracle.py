"""Oracle: the inverse of a residual layer by fixed point."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def residual_inverse(
    g: Callable[[Tensor], Tensor], y: Tensor, n_iterations: int, x_init: Tensor | None = None
) -> Tensor:
    """What the last iteration needs, by recursion down to the start."""
    if n_iterations == 0:
        return y * 1.0 if x_init is None else x_init * 1.0
    return -g(residual_inverse(g, y, n_iterations - 1, x_init)) + y
