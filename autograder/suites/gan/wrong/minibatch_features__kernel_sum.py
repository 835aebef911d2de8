"""Adds up the features before it multiplies, as if every feature had the kernel of their mean."""

import torch


def minibatch_features(features, T):
    M = features.sum(1)[:, None, None] * T.mean(0)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)
