"""Takes the loss of the mean logit instead of the mean of the losses."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits.mean())
