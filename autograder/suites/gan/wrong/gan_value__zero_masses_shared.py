"""Leaves out the points where either of the two has no mass."""

import torch


def gan_value(p_data, p_g, d):
    both = (p_data > 0) & (p_g > 0)
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.where(both, terms, torch.zeros_like(terms)).sum()
