"""Averages over the batch instead of adding up."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).mean(1)
