"""Leaves out the points where either of the two is zero."""

import torch


def jensen_shannon(p, q):
    here = (p > 0) & (q > 0)
    p, q = p[here], q[here]
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum()
