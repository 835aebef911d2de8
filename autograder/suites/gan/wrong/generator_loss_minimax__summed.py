"""Sums over the batch."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits).sum()
