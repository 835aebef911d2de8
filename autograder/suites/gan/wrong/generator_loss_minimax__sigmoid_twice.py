"""Applies a sigmoid before a loss that applies its own."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits.sigmoid()).mean()
