"""Weighs all scores by labels of +-1 over the batch sizes."""

import torch


def critic_loss(real_scores, fake_scores):
    scores = torch.cat([real_scores.reshape(-1), fake_scores.reshape(-1)])
    weights = torch.cat(
        [
            torch.full_like(real_scores.reshape(-1), -1.0 / real_scores.numel()),
            torch.full_like(fake_scores.reshape(-1), 1.0 / fake_scores.numel()),
        ]
    )
    return (scores * weights.detach()).sum()
