"""Solves the theorem for the divergence: the value of the game at the best discriminator."""

import math

import torch


def jensen_shannon(p, q):
    total = torch.where(p + q > 0, p + q, torch.ones_like(p))
    value = torch.xlogy(p, p / total).sum() + torch.xlogy(q, q / total).sum()
    return (value + math.log(4)) / 2
