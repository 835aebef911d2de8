"""Takes logarithms to base 2."""

import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum() / torch.tensor(2.0).log().item()
