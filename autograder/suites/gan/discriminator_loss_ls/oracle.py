"""Oracle: least squares: the discriminator."""

from __future__ import annotations

from torch import Tensor


def discriminator_loss_ls(real_output: Tensor, fake_output: Tensor) -> Tensor:
    """The squares multiplied out: half of E[r^2] - 2 E[r] + 1 + E[f^2]. Any shapes. Scalar."""
    real, fake = real_output.double().flatten(), fake_output.double().flatten()
    total = (
        real @ real / real.numel() - 2 * real.sum() / real.numel() + 1 + fake @ fake / fake.numel()
    )
    return (total / 2).to(real_output.dtype)
