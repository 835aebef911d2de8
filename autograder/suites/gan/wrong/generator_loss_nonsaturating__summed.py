"""Sums over the batch."""

import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).sum()
