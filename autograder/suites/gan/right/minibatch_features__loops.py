"""Pair by pair and kernel by kernel."""

import torch


def minibatch_features(features, T):
    B, n_kernels = features.shape[0], T.shape[1]
    M = [[features[i] @ T[:, k] for k in range(n_kernels)] for i in range(B)]
    rows = []
    for i in range(B):
        row = []
        for k in range(n_kernels):
            row.append(sum(torch.exp(-(M[i][k] - M[j][k]).abs().sum()) for j in range(B)))
        rows.append(torch.stack(row))
    return torch.stack(rows)
