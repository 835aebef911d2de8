"""Has only the divergence of p from the mixture."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (torch.xlogy(p, p) - torch.xlogy(p, m)).sum()
