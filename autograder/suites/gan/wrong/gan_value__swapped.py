"""Takes data for fakes and fakes for data."""

import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_g, d) + torch.xlogy(p_data, 1 - d)).sum()
