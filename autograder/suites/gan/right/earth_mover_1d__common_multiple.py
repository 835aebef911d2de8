"""Repeats the sorted samples until both sets are of one size, and pairs them."""

import math

import torch.nn.functional as F


def earth_mover_1d(x, y):
    size = math.lcm(len(x), len(y))
    longer = [s.sort()[0].repeat_interleave(size // len(s)) for s in (x, y)]
    return F.l1_loss(*longer)
