"""Oracle: codebook and commitment losses."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.vae.reconstruction_loss.oracle import reconstruction_loss


def vq_losses(z: Tensor, z_q: Tensor) -> tuple[Tensor, Tensor]:
    """(codebook, commitment): mean over the batch of ||z - z_q||^2, with one side or the other held
    constant. Two scalars.
    """
    return reconstruction_loss(z.detach(), z_q), reconstruction_loss(z, z_q.detach())
