"""Is nan where both are zero at one point."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).sum()
