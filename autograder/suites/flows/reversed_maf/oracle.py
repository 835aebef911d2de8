"""Oracle: a stack of masked autoregressive flows and its log-density."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import layer, standard_normal


def reversed_maf(
    conditioners: Sequence[Callable[[Tensor], Tensor]], x: Tensor
) -> tuple[Tensor, Tensor]:
    """Layer by layer and component by component, in float64."""
    z, changes = x.double(), []
    for number, conditioner in enumerate(conditioners):
        before = torch.stack(z.unbind(1)[::-1], 1) if number > 0 else z
        z, change = layer(conditioner, before)
        changes.append(change)
    log_prob = sum(changes, standard_normal(z).sum(1))
    return z.to(x.dtype), log_prob.to(x.dtype)
