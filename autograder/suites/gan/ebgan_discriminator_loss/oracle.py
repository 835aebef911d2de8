"""Oracle: the margin loss of the energy-based GAN."""

from __future__ import annotations

from torch import Tensor


def ebgan_discriminator_loss(real_energy: Tensor, fake_energy: Tensor, margin: float) -> Tensor:
    """mean E(x) + mean max(0, margin - E(G(z))), with max(0, a) = (a + |a|) / 2. Scalar."""
    short = margin - fake_energy.double()
    return (
        real_energy.double().sum() / len(real_energy)
        + (short + short.abs()).sum() / (2 * len(short))
    ).to(real_energy.dtype)
