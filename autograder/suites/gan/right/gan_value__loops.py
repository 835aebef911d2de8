"""Goes through the points and skips terms of weight zero."""

import torch


def gan_value(p_data, p_g, d):
    value = 0 * d.sum()
    for p, q, real in zip(p_data, p_g, d, strict=True):
        if p > 0:
            value = value + p * torch.log(real)
        if q > 0:
            value = value + q * torch.log1p(-real)
    return value
