"""Uses the library's divergence, which takes the logarithm of its first argument."""

import torch.nn.functional as F


def jensen_shannon(p, q):
    m = 0.5 * (p + q)
    log_m = m.clamp(min=1e-300 if m.dtype == p.double().dtype else 1e-38).log()
    return 0.5 * F.kl_div(log_m, p, reduction="sum") + 0.5 * F.kl_div(log_m, q, reduction="sum")
