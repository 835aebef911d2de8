"""Is nan where 0 log 0 occurs."""

import torch


def gan_value(p_data, p_g, d):
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()
