"""Has no gradient."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits).mean().detach()
