"""Gives 0 where both are zero."""

import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_data / total, torch.zeros_like(total))
