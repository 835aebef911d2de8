"""Oracle: gradient penalty."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.gan.critics import sample_gradient


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, alpha: Tensor
) -> Tensor:
    """Mean of (||grad f(x_hat)||_2 - 1)^2, one sample at a time. real, fake: (B, ...); alpha: (B,).
    Scalar.
    """
    terms = []
    for x, x_fake, share in zip(real.detach(), fake.detach(), alpha, strict=True):
        gradient = sample_gradient(critic, x_fake + share * (x - x_fake))
        terms.append((torch.linalg.vector_norm(gradient) - 1) ** 2)
    return torch.stack(terms).mean()
