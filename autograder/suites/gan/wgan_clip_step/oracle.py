"""Oracle: A critic's step with weight clipping."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from autograder.suites.gan.critic_loss.oracle import critic_loss


def wgan_clip_step(
    critic: nn.Module, optimizer: torch.optim.Optimizer, real: Tensor, fake: Tensor, clip: float
) -> Tensor:
    """One step with gradients by torch.autograd.grad, then each parameter projected onto [-clip,
    clip] element by element.
    """
    loss = critic_loss(critic(real), critic(fake.detach()))
    parameters = [parameter for parameter in critic.parameters() if parameter.requires_grad]
    for parameter, gradient in zip(
        parameters, torch.autograd.grad(loss, parameters, allow_unused=True), strict=True
    ):
        parameter.grad = gradient
    optimizer.step()
    for parameter in critic.parameters():
        bound = torch.full_like(parameter.data, clip)
        parameter.data.copy_(torch.minimum(torch.maximum(parameter.data, -bound), bound))
    return loss.detach()
