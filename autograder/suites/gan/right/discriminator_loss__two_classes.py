"""Treats real and fake as two classes with logits l and 0."""

import torch
import torch.nn.functional as F


def two_classes(logits, label):
    flat = logits.reshape(-1)
    pairs = torch.stack([torch.zeros_like(flat), flat], dim=1)
    return F.cross_entropy(pairs, torch.full_like(flat, label, dtype=torch.long))


def discriminator_loss(real_logits, fake_logits):
    return two_classes(real_logits, 1) + two_classes(fake_logits, 0)
