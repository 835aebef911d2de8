"""Counts every image but those at distance zero and adds one for itself."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    near = torch.exp(-distance) * (distance > 0)
    return near.sum(1) + 1
