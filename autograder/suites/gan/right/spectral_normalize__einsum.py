"""Computes sigma as an inner product of matrices, by einsum."""

import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.view(weight.size(0), -1)
    for _ in range(n_iterations):
        v = torch.einsum("oi,o->i", W.detach(), u)
        v = v / torch.sqrt(torch.sum(v**2))
        u = torch.einsum("oi,i->o", W.detach(), v)
        u = u / torch.sqrt(torch.sum(u**2))
    sigma = torch.einsum("o,oi,i->", u, W, v)
    return (W / sigma).view_as(weight), u
