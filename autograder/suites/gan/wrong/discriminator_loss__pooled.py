"""Averages over both batches together, so that the larger one weighs more."""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
    labels = torch.cat([torch.ones_like(real_logits.flatten()), torch.zeros_like(fake_logits.flatten())])
    return 2 * F.binary_cross_entropy_with_logits(logits, labels)
