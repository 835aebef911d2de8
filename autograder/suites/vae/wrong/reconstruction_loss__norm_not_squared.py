"""Averages the norms of the differences, not their squares."""

import torch


def reconstruction_loss(x, x_hat):
    return torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1).mean()
