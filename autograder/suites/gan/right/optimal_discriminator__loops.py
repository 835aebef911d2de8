"""Goes through the points."""

import torch


def optimal_discriminator(p_data, p_g):
    values = []
    for a, b in zip(p_data, p_g, strict=True):
        values.append(a / (a + b) if a + b > 0 else torch.full_like(a, 0.5))
    return torch.stack(values)
