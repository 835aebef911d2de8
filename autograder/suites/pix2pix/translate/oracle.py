"""Oracle: translations with the noise on. For generators whose dropout drops nothing or all."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor


def translate(generator: Any, x: Tensor, n_draws: int) -> Tensor:
    """A copy of the network in evaluation mode, its dropout layers trained again."""
    network = copy.deepcopy(generator).eval()
    for module in network.modules():
        if type(module).__name__ in ("Dropout", "Dropout2d"):
            module.train()
    return torch.stack([network(x).detach() for _ in range(n_draws)])
