"""Oracle: the inverse of the logit transform."""

from __future__ import annotations

import torch
from torch import Tensor


def logit_inverse(x: Tensor, alpha: float = 0.05) -> Tensor:
    """1/2 + tanh(x / 2) / (2 (1 - 2 alpha)): the mirror image at 1/2. As x."""
    return 0.5 + torch.tanh(x / 2) / (2 - 4 * alpha)
