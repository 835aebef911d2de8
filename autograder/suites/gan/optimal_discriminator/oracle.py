"""Oracle: the optimal discriminator."""

from __future__ import annotations

from torch import Tensor


def optimal_discriminator(p_data: Tensor, p_g: Tensor) -> Tensor:
    """The sigmoid of the log ratio of the densities; the ratio 0/0 is nan and gets 1/2. (N,) each.
    (N,).
    """
    log_ratio = p_data.double().log() - p_g.double().log()
    return log_ratio.sigmoid().nan_to_num(0.5).to(p_data.dtype)
