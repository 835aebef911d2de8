"""Writes log(1 + e^l) out with the larger exponent taken out."""

import torch


def positive_part_and_rest(x):
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def discriminator_loss(real_logits, fake_logits):
    real = positive_part_and_rest(real_logits.mul(-1)).flatten()
    fake = positive_part_and_rest(fake_logits).flatten()
    return real.sum() / real.shape[0] + fake.sum() / fake.shape[0]
