"""Sends no gradient through the mixture of the second divergence."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m.detach())).sum()
