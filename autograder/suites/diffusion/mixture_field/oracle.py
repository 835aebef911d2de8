"""Oracle: the field of a mixture, by torch's distributions and the fields of single Gaussians."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Independent, Normal

from autograder.suites.diffusion.gaussian_field import oracle as single


def mixture_field(
    x: Tensor, t: Tensor, weights: Tensor, means: Tensor, stds: Tensor, sigma_min: float = 0.0
) -> Tensor:
    """Component by component: its field, and the log of its weighted density at the place."""
    share = 1 - (1 - sigma_min) * t
    joint, fields = [], []
    for weight, mean, std in zip(weights, means, stds, strict=True):
        spread = (share**2 + t**2 * std**2).sqrt()[:, None].expand_as(x)
        density = Independent(Normal(t[:, None] * mean, spread), 1)
        joint.append(density.log_prob(x) + weight.log())
        fields.append(single.gaussian_field(x, t, mean, std.expand_as(mean), sigma_min))
    log_joint = torch.stack(joint)
    posterior = (log_joint - torch.logsumexp(log_joint, 0)).exp()
    return (posterior[:, :, None] * torch.stack(fields)).sum(0)
