"""Oracle: the forward direction of a masked autoregressive flow."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from autograder.suites.flows.beyond_flows import layer


def maf_forward(conditioner: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """Component by component, in float64."""
    z, log_det = layer(conditioner, x.double())
    return z.to(x.dtype), log_det.to(x.dtype)
