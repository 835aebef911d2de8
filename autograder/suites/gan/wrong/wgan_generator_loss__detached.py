"""Averages as a number, through which no gradient flows."""

import torch


def wgan_generator_loss(fake_scores):
    return torch.tensor(-fake_scores.mean().item(), dtype=fake_scores.dtype, device=fake_scores.device)
