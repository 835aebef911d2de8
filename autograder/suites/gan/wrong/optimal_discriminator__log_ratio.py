"""Gives the logit of the optimal discriminator."""

import torch


def optimal_discriminator(p_data, p_g):
    return torch.where(p_data + p_g > 0, p_data.log() - p_g.log(), torch.full_like(p_data, 0.5))
