"""Central moments from raw moments, in float64."""

import torch


def moment_penalty(z):
    w = z.double()
    m1, m2, m3, m4 = (w.pow(k).mean(0) for k in (1, 2, 3, 4))
    var = m2 - m1**2
    fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4
    targets = torch.stack([m1, var.sqrt() - 1, fourth / var**2 - 3])
    return targets.pow(2).sum().to(z.dtype)
