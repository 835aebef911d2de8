"""Averages the negated scores."""

import torch


def wgan_generator_loss(fake_scores):
    return torch.mean(-fake_scores.squeeze())
