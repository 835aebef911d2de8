"""Detaches the logits of the fakes, from which the discriminator then learns nothing."""

import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()
