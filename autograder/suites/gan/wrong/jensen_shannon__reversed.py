"""Has the mixture first in both divergences."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (2 * torch.xlogy(m, m) - torch.xlogy(m, p + 1e-12) - torch.xlogy(m, q + 1e-12)).sum()
