"""Is nan where a probability is zero."""

import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (p * torch.log(p / m) + q * torch.log(q / m)).sum()
