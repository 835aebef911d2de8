"""Forgets the absolute value: signed differences cancel within a kernel."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).sum(3).abs()
    return torch.exp(-distance).sum(1)
