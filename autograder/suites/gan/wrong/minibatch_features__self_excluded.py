"""Leaves the image itself out of the sum."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1) - 1
