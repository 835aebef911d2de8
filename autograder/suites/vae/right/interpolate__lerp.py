"""torch.lerp from z_2 to z_1."""

import torch


def interpolate(z_1, z_2, a):
    return torch.lerp(z_2, z_1, a.unsqueeze(-1))
