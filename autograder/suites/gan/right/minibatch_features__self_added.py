"""Every other image, and one for the image itself."""

import torch


def minibatch_features(features, T):
    M = torch.tensordot(features, T, dims=1)
    B = M.shape[0]
    o = torch.ones_like(M[..., 0])
    for shift in range(1, B):
        o = o + torch.exp(-(M - torch.roll(M, shift, dims=0)).abs().sum(-1))
    return o
