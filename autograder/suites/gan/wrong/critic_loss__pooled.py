"""Averages over both batches together."""

import torch


def critic_loss(real_scores, fake_scores):
    return torch.cat([fake_scores.flatten(), -real_scores.flatten()]).mean()
