"""Averages over the batch and sums over what further dimensions there are."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits).sum() / len(fake_logits)
