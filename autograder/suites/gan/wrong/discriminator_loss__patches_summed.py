"""Averages over the batch and sums over what further dimensions there are."""

import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).sum() / len(real_logits)) + F.softplus(fake_logits).sum() / len(fake_logits)
