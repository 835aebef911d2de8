"""Oracle: the forward direction of a masked autoregressive flow."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from autograder.suites.flows.beyond_flows import log_dets, standardise


def maf_forward(conditioner: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """z component by component, and log_det from the full Jacobian by autograd, in float64."""
    wide = x.double()
    z = standardise(conditioner, wide)
    log_det = log_dets(lambda x: standardise(conditioner, x), wide)
    return z.to(x.dtype), log_det.to(x.dtype)
