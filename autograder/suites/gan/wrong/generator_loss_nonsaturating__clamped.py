"""Adds a small constant inside the logarithm."""

import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(fake_logits.sigmoid() + 1e-8).mean()
