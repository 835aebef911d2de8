"""Takes one distance over all kernels and repeats it."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum((2, 3))
    return torch.exp(-distance).sum(1)[:, None].expand(-1, T.shape[1])
