"""Takes each divergence over the points of its own support."""

import torch


def kl(p, m):
    here = p > 0
    return (p[here] * torch.log(p[here] / m[here])).sum()


def jensen_shannon(p, q):
    m = (p + q) / 2
    return kl(p, m) / 2 + kl(q, m) / 2
