"""Makes its labels on the CPU, wherever the logits are."""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.ones(real_logits.shape, dtype=real_logits.dtype))
    return real + loss(fake_logits, torch.zeros(fake_logits.shape, dtype=fake_logits.dtype))
