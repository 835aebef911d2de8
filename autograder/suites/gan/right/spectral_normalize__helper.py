"""Does the iteration in a decorated helper and returns a list."""

import torch


def unit(vector):
    return vector / torch.linalg.vector_norm(vector)


@torch.no_grad()
def iterate(W, u, n):
    v = unit(W.mT @ u)
    u = unit(W @ v)
    return (u, v) if n == 1 else iterate(W, u, n - 1)


def spectral_normalize(weight, u, n_iterations=1):
    u, v = iterate(weight.flatten(1), u, n_iterations)
    sigma = (torch.outer(u, v) * weight.flatten(1)).sum()
    return [weight.div(sigma), u]
