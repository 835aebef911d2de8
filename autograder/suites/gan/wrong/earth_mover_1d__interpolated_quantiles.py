"""Compares quantiles that are interpolated between samples instead of stairs."""

import torch


def earth_mover_1d(x, y):
    levels = torch.linspace(0, 1, max(len(x), len(y)), dtype=x.dtype, device=x.device)
    return (torch.quantile(x, levels) - torch.quantile(y, levels)).abs().mean()
