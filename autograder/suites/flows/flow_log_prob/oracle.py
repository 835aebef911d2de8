"""Oracle: the log-density of a flow."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def flow_log_prob(flow: Any, x: Tensor, temperature: float = 1.0) -> Tensor:
    """The log-density of each coordinate of z as torch.distributions has it, added up one by one.
    (B,).
    """
    z, log_det = flow.forward(x)
    noise = torch.distributions.Normal(
        torch.zeros((), dtype=torch.float64), torch.tensor(temperature, dtype=torch.float64)
    )
    total = log_det.double()
    for coordinate in z.reshape(len(x), -1).double().unbind(1):
        total = total + noise.log_prob(coordinate)
    return total.to(x.dtype)
