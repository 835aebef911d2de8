"""Clamps the result to [-1, 1]."""

import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high
    return blend.clamp(-1, 1)
