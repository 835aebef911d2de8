"""Gives one half where either of the two is zero."""

import torch


def optimal_discriminator(p_data, p_g):
    empty = (p_data == 0) | (p_g == 0)
    return torch.where(empty, 0.5, p_data / (p_data + p_g))
