"""Has -log D for the fakes, the other loss of the generator."""

import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) - torch.xlogy(p_g, d)).sum()
