"""Eases the fade in and out."""

import torch.nn.functional as F


def fade_in(low, high, alpha):
    share = alpha * alpha * (3 - 2 * alpha)
    return (1 - share) * F.interpolate(low, scale_factor=2) + share * high
