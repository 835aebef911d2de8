"""Turns every infinity into a finite number as well as every nan into 0."""

import torch


def gan_value(p_data, p_g, d):
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.nan_to_num(terms).sum()
