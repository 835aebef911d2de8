"""Holds the tensor T constant."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T.detach())
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)
