"""Oracle: variational discriminator bottleneck."""

from __future__ import annotations

import torch
from torch import Tensor


def vdb_penalty(
    mu_real: Tensor,
    logvar_real: Tensor,
    mu_fake: Tensor,
    logvar_fake: Tensor,
    beta: float,
    i_c: float,
    step_size: float,
) -> tuple[Tensor, float]:
    """(beta (KL - i_c), next beta), the KL as torch.distributions has it, every encoding weighted
    by its share of the mixture.
    """
    n, m = len(mu_real), len(mu_fake)
    mu, logvar = (
        torch.cat([mu_real, mu_fake]).double(),
        torch.cat([logvar_real, logvar_fake]).double(),
    )
    share = torch.tensor([0.5 / n] * n + [0.5 / m] * m, dtype=torch.float64, device=mu.device)
    # without validation, which looks at values and so fails on the meta device
    q = torch.distributions.Normal(mu, (logvar / 2).exp(), validate_args=False)
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu), validate_args=False)
    excess = share @ torch.distributions.kl_divergence(q, p).sum(1) - i_c
    climbed = beta + step_size * float(excess.detach())
    return (beta * excess).to(mu_real.dtype), climbed if climbed > 0 else 0.0
