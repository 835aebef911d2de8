"""An autograd function of its own."""

import torch


class Quantise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q):
        return z_q.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad, None


def straight_through(z, z_q):
    return Quantise.apply(z, z_q)
