"""Uses only the number of values in a."""

import torch


def interpolate(z_1, z_2, a):
    steps = torch.linspace(1, 0, len(a), dtype=z_1.dtype, device=z_1.device)[:, None]
    return steps * z_1 + (1 - steps) * z_2
