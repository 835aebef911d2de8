"""Hands probabilities to the library's cross-entropy, which cuts logarithms at -100."""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.binary_cross_entropy(real, torch.ones_like(real)) + F.binary_cross_entropy(fake, torch.zeros_like(fake))
