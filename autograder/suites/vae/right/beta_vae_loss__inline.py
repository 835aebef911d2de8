"""Writes both terms out and calls no earlier function."""

import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum() / len(x)
    return rec + beta * kl
