"""Oracle: the density of a transformed number."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def pushforward_log_prob(
    y: Tensor, inverse: Callable[[Tensor], Tensor], base_log_prob: Callable[[Tensor], Tensor]
) -> Tensor:
    """log p_X(g^{-1}(y)) + log |slope|, one number after the other, each slope the derivative of a
    function of one number. Of the shape of y.
    """
    if y.numel() == 0:
        return y
    terms = []
    for each in y.flatten():
        slope = torch.func.grad(lambda at: inverse(at))(each)
        terms.append(base_log_prob(inverse(each)) + torch.log(torch.abs(slope)))
    return torch.stack(terms).reshape(y.shape)
