"""Oracle: zero-centred penalties R1 and R2."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.gan.critics import sample_gradient


def zero_centered_penalty(
    discriminator: Callable[[Tensor], Tensor], x: Tensor, gamma: float
) -> Tensor:
    """gamma/2 mean of ||grad D(x)||^2, one sample at a time. x: (B, ...). Scalar."""
    gradients = [sample_gradient(discriminator, sample).flatten() for sample in x.detach()]
    return 0.5 * gamma * torch.stack([gradient @ gradient for gradient in gradients]).mean()
