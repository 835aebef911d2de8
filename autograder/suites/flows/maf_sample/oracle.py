"""Oracle: the inverse of a masked autoregressive flow."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import jacobians, standardise


def maf_sample(conditioner: Callable[[Tensor], Tensor], z: Tensor, order: Tensor) -> Tensor:
    """The root of the forward direction. Its gradient is that of one step of Newton's method from
    the root, by the theorem of implicit functions: J^-1 (dz - df), with J held constant.
    """
    wide = z.double()
    n = wide.shape[1]
    with torch.no_grad():
        columns = [torch.zeros_like(wide[:, 0])] * n
        for i in order.tolist():
            parameters = conditioner(torch.stack(columns, 1))
            columns[i] = parameters[:, i] + wide[:, i] * torch.exp(parameters[:, n + i])
        root = torch.stack(columns, 1)
    matrix = jacobians(lambda x: standardise(conditioner, x), root).detach()
    off = wide - standardise(conditioner, root)
    return (root + torch.linalg.solve(matrix, off)).to(z.dtype)
