"""Compares each image with the next one of the batch and counts these as often."""

import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M - M.roll(1, 0)).abs().sum(2)
    return 1 + (len(M) - 1) * torch.exp(-distance)
