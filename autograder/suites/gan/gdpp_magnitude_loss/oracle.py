"""Oracle: GDPP: magnitude of diversity."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.gan.features import symmetric


def gdpp_magnitude_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """Sum of |lambda_real - lambda_fake|, as singular values: the same for positive semi-definite
    matrices. (B, B) each. Scalar.
    """
    real, fake = (
        torch.linalg.svdvals(symmetric(kernel)) for kernel in (kernel_real.detach(), kernel_fake)
    )
    return torch.maximum(real - fake, fake - real).sum().to(kernel_fake.dtype)
