"""A plain matrix product of the flattened tensor, and log-sum-exp."""

import torch


def minibatch_features(features, T):
    A, n_kernels, n_dims = T.shape
    M = features.mm(T.reshape(A, n_kernels * n_dims)).view(-1, n_kernels, n_dims)
    gaps = torch.linalg.vector_norm(M.unsqueeze(0) - M.unsqueeze(1), ord=1, dim=-1)
    return torch.logsumexp(-gaps, dim=0).exp()
