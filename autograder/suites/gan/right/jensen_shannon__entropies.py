"""Subtracts the mean entropy from the entropy of the mixture."""

import torch


def jensen_shannon(p, q):
    h = torch.special.entr
    return h(p.add(q).div(2)).sum() - (h(p).sum() + h(q).sum()) / 2
