"""Compares each real image with one fake, as a relativistic loss does."""

import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return 2 * F.softplus(fake_logits.mean() - real_logits.mean())
