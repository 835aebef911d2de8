"""Multiplies by logarithms at the points of each support."""

import torch


def gan_value(p_data, p_g, d):
    real, fake = p_data > 0, p_g > 0
    return torch.dot(p_data[real], d[real].log()) + torch.dot(p_g[fake], (1 - d)[fake].log())
