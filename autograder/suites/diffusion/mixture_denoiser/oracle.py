"""Oracle: the exact denoiser of a mixture."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def mixture_denoiser(
    x_t: Tensor, alpha_bar_t: Tensor, weights: Tensor, means: Tensor, variances: Tensor
) -> Tensor:
    """Tweedie's formula: (x_t + (1 - alpha_bar_t) score) / sqrt(alpha_bar_t), with the score of the
    noisy mixture by autograd.
    """
    rows = []
    with torch.enable_grad():
        for x, share in zip(x_t, alpha_bar_t, strict=True):
            at = x if x.requires_grad else x.detach().clone().requires_grad_()
            parts = []
            for weight, mean, variance in zip(weights, means, variances, strict=True):
                wide = share * variance + 1 - share
                square = (at - share.sqrt() * mean).square().sum() / wide
                log_density = -0.5 * (square + len(x) * torch.log(2 * math.pi * wide))
                if weight > 0:
                    parts.append(weight.log() + log_density)
            log_p = torch.logsumexp(torch.stack(parts), 0)
            (score,) = torch.autograd.grad(log_p, at, create_graph=True)
            rows.append((at + (1 - share) * score) / share.sqrt())
    found = torch.stack(rows)
    return found if x_t.requires_grad else found.detach()
