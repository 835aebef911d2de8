"""Einstein summation over flattened differences."""

import torch


def reconstruction_loss(x, x_hat):
    d = (x - x_hat).reshape(x.shape[0], -1)
    return torch.einsum("bd,bd->b", d, d).mean()
