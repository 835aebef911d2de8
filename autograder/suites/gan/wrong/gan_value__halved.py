"""Halves the value."""

import torch


def gan_value(p_data, p_g, d):
    return 0.5 * (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()
