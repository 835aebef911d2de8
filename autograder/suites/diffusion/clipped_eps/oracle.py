"""Oracle: clipping with the noise made anew."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.diffusion.noisy_data import spread


def clipped_eps(x_t: Tensor, eps_hat: Tensor, alpha_bar_t: Tensor) -> Tensor:
    """eps_hat where x_0 is in the range; else what leads from the nearer end of it to x_t."""
    signal, noise = spread(alpha_bar_t.sqrt(), x_t), spread((1 - alpha_bar_t).sqrt(), x_t)
    x_0 = (x_t - noise * eps_hat) / signal
    end = torch.where(x_0 > 0, 1.0, -1.0).to(x_t.dtype)
    return torch.where(x_0.abs() > 1, (x_t - signal * end) / noise, eps_hat)
