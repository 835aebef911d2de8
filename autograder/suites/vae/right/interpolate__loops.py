"""A row for each value of a."""

import torch


def interpolate(z_1, z_2, a):
    return torch.stack([z_2 + value * (z_1 - z_2) for value in a])
