"""Oracle: samples of a flow."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def sample_flow(flow: Any, eps: Tensor, temperature: float = 1.0) -> Tensor:
    """One sample after the other. Of the shape of eps."""
    return torch.cat([flow.inverse(each * temperature) for each in eps.split(1)])
