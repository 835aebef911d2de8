"""Takes the values of a as numpy's numbers, a row for each."""

import torch


def interpolate(z_1, z_2, a):
    return torch.stack([z_2 + float(value) * (z_1 - z_2) for value in a.cpu().numpy()])
