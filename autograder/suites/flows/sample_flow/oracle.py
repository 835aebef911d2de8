"""Oracle: samples of a flow."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def sample_flow(flow: Any, eps: Tensor, temperature: float = 1.0) -> Tensor:
    """The noise scaled one number after the other. Of the shape of eps."""
    scaled = torch.stack([temperature * number for number in eps.flatten()])
    return flow.inverse(scaled.reshape(eps.shape))
