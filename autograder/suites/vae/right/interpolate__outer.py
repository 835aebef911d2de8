"""Outer products."""

import torch


def interpolate(z_1, z_2, a):
    return torch.outer(a, z_1) + torch.outer(1 - a, z_2)
