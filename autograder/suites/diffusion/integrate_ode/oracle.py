"""Oracle: Euler and Heun."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def integrate_ode(
    drift: Callable[[Tensor, Tensor], Tensor], x: Tensor, times: Tensor, method: str = "heun"
) -> Tensor:
    """The last step after the others, by the tableau of the method."""
    if method not in ("euler", "heun"):
        raise ValueError(method)
    if len(times) == 1:
        return x * 1.0
    before = integrate_ode(drift, x, times[:-1], method)
    start, end = times[-2], times[-1]
    nodes, weights = {"euler": ([0.0], [1.0]), "heun": ([0.0, 1.0], [0.5, 0.5])}[method]
    slopes: list[Tensor] = []
    for node in nodes:
        at = before + node * (end - start) * slopes[-1] if slopes else before
        slopes.append(drift(at, end if node else start))
    return before + (end - start) * sum(w * k for w, k in zip(weights, slopes, strict=True))
