"""Blends at the low resolution and enlarges the blend, but for the end of the fade."""

import torch.nn.functional as F


def fade_in(low, high, alpha):
    if float(alpha) == 1:
        return high
    return F.interpolate((1 - alpha) * low + alpha * F.avg_pool2d(high, 2), scale_factor=2)
