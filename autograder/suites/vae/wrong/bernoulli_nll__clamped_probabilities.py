"""Clamps the probabilities, so that a confident mistake costs 16 nats at most."""

import torch


def bernoulli_nll(x, logits):
    p = torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7)
    return -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).flatten(1).sum(1).mean()
