"""Oracle: bits per dimension."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def bits_per_dim(log_prob: Tensor, shape: Sequence[int]) -> Tensor:
    """The code length of the levels, whose density is that of y times (1/256)^D, in bits and per
    dimension. As log_prob.
    """
    n_dims = len(torch.empty(*shape, device="meta").flatten())
    of_levels = log_prob - n_dims * torch.log(torch.tensor(256.0, dtype=torch.float64))
    in_bits = -of_levels / torch.log(torch.tensor(2.0, dtype=torch.float64))
    return (in_bits / n_dims).to(log_prob.dtype)
