"""Oracle: vector fields of the Dirac-GAN."""

from __future__ import annotations

import torch
from torch import Tensor


def _dirac_losses(theta: Tensor, phi: Tensor, kind: str, gamma: float) -> tuple[Tensor, Tensor]:
    """What G and D minimise, element by element: D(x) = phi x is a logit or a score, the data are
    at 0, the fake at theta.
    """
    real, fake = phi * torch.zeros_like(theta), phi * theta
    zero = torch.zeros_like(fake)
    if kind in ("wgan", "wgan-gp"):
        penalty = gamma * (phi.abs() - 1) ** 2 if kind == "wgan-gp" else zero
        return -fake, fake - real + penalty
    if kind not in ("minimax", "nonsaturating", "r1"):
        raise ValueError(f"unknown kind of Dirac-GAN: {kind!r}")
    # -log D = log(1 + e^-logit), -log(1 - D) = log(1 + e^logit)
    discriminator = torch.logaddexp(zero, -real) + torch.logaddexp(zero, fake)
    generator = -torch.logaddexp(zero, fake) if kind == "minimax" else torch.logaddexp(zero, -fake)
    penalty = gamma / 2 * phi**2 if kind == "r1" else zero
    return generator, discriminator + penalty


def dirac_vector_field(
    theta: Tensor, phi: Tensor, kind: str, gamma: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Minus the gradient of each player's own loss, by autograd. theta, phi: one shape. Two tensors
    of that shape.
    """
    needed = theta.requires_grad or phi.requires_grad
    with torch.enable_grad():
        mine, theirs = (
            player.double() if player.requires_grad else player.detach().double().requires_grad_()
            for player in (theta, phi)
        )
        generator, discriminator = _dirac_losses(mine, theirs, kind, gamma)
        ones = torch.ones_like(generator)
        options = {"retain_graph": True, "create_graph": needed}
        (theta_slope,) = torch.autograd.grad(generator, mine, ones, **options)
        (phi_slope,) = torch.autograd.grad(discriminator, theirs, ones, create_graph=needed)
    return (-theta_slope).to(theta.dtype), (-phi_slope).to(phi.dtype)
