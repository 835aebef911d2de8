"""Smooths the labels of real images to 0.9."""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.full_like(real_logits, 0.9))
    return real + loss(fake_logits, torch.zeros_like(fake_logits))
