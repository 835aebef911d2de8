"""Flattened kernels and broadcasting, keywords throughout."""

import torch


def demodulate(weight, style, eps=0.00000001):
    n_out, n_in, kh, kw = weight.shape
    w = weight.reshape(1, n_out, n_in, kh * kw) * style.reshape(len(style), 1, n_in, 1)
    norm = torch.sqrt(torch.sum(torch.square(w.flatten(start_dim=2)), dim=-1) + eps)
    return (w / norm[:, :, None, None]).reshape(len(style), n_out, n_in, kh, kw)
