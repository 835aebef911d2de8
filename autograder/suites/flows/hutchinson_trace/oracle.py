"""Oracle: Hutchinson's trace estimator."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def hutchinson_trace(
    f: Callable[[Tensor], Tensor], x: Tensor, probes: Tensor
) -> tuple[Tensor, Tensor]:
    """The quadratic forms of the full Jacobian, which takes a backward pass for each component of
    the field, averaged over the probes.
    """
    recorded = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if recorded and x.requires_grad else x.detach().clone().requires_grad_()
        value = f(at)
        rows = [
            torch.autograd.grad(column.sum(), at, create_graph=True)[0]
            for column in value.unbind(1)
        ]
        forms = torch.einsum("kbi,bij,kbj->kb", probes, torch.stack(rows, 1), probes)
        trace = forms.mean(0)
    return (value, trace) if recorded else (value.detach(), trace.detach())
