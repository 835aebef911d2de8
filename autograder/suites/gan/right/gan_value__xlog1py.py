"""Uses xlog1py for the second term, and inner sums."""

import torch


def gan_value(p_data, p_g, d):
    return torch.special.xlogy(p_data, d).sum() + torch.special.xlog1py(p_g, d.neg()).sum()
