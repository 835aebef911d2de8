"""Is the discriminator's loss instead of the value."""

import torch


def gan_value(p_data, p_g, d):
    return -(torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()
