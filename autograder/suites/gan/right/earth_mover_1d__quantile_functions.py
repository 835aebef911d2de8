"""Integrates the difference of the quantile functions over the levels where either has a stair."""

import torch


def earth_mover_1d(x, y):
    n, m = len(x), len(y)
    # levels in units of 1 / (n m), exact as integers
    levels = torch.cat([m * torch.arange(n + 1, device=x.device), n * torch.arange(m + 1, device=x.device)]).sort().values
    widths = levels.diff()
    at_x = (levels[:-1] // m).clamp(max=n - 1)
    at_y = (levels[:-1] // n).clamp(max=m - 1)
    gaps = (x.sort().values[at_x] - y.sort().values[at_y]).abs()
    return (gaps * widths.to(x.dtype)).sum() / (n * m)
