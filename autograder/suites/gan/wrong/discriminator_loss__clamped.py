"""Adds a small constant inside the logarithms."""

import torch


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -torch.log(real + 1e-8).mean() - torch.log(1 - fake + 1e-8).mean()
