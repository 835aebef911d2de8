"""Cuts d to [1e-7, 1 - 1e-7], which makes certainty cheap."""

import torch


def gan_value(p_data, p_g, d):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()
