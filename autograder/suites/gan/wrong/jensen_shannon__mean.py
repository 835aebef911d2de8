"""Averages over the points."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).mean()
