"""Adds a small constant inside the logarithm."""

import torch


def generator_loss_minimax(fake_logits):
    return torch.log(1 - fake_logits.sigmoid() + 1e-8).mean()
