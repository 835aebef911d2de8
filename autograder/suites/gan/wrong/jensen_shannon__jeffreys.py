"""Is the mean of KL(p || q) and KL(q || p)."""

import torch


def jensen_shannon(p, q):
    p, q = p + 1e-12, q + 1e-12
    return 0.5 * ((p - q) * (p.log() - q.log())).sum()
