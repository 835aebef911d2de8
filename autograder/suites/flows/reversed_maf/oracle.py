"""Oracle: a stack of masked autoregressive flows and its log-density."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import log_dets, standardise


def reversed_maf(
    conditioners: Sequence[Callable[[Tensor], Tensor]], x: Tensor
) -> tuple[Tensor, Tensor]:
    """The log-determinant from the full Jacobian of the whole stack, the prior from
    torch.distributions, in float64.
    """

    def stack(x: Tensor) -> Tensor:
        for number, conditioner in enumerate(conditioners):
            before = torch.stack(x.unbind(1)[::-1], 1) if number > 0 else x
            x = standardise(conditioner, before)
        return x

    wide = x.double()
    z = stack(wide)
    n = x.shape[1]
    prior = torch.distributions.MultivariateNormal(wide.new_zeros(n), torch.eye(n).to(wide))
    log_prob = prior.log_prob(z)
    if conditioners:
        log_prob = log_prob + log_dets(stack, wide)
    return z.to(x.dtype), log_prob.to(x.dtype)
