"""Divides sums by the numbers of elements."""

import torch


def critic_loss(real_scores, fake_scores):
    estimate = torch.sum(real_scores) / real_scores.numel() - torch.sum(fake_scores) / fake_scores.numel()
    return torch.neg(estimate)
