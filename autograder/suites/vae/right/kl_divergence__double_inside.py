"""Computes in float64 and casts back."""

import torch


def kl_divergence(mu, logvar):
    m, v = mu.double(), logvar.double()
    kl = torch.expm1(v).sum(1) - v.sum(1) + torch.einsum("bd,bd->b", m, m)
    return (kl.mean() / 2).to(mu.dtype)
