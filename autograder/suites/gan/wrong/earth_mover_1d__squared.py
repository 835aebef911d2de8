"""Takes the root of the mean square of the pairs: Wasserstein-2."""

import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a = torch.sort(x).values.repeat_interleave(n // len(x))
    b = torch.sort(y).values.repeat_interleave(n // len(y))
    return torch.linalg.vector_norm(a - b) / n**0.5
