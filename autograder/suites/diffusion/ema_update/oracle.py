"""Oracle: the power function average, tensor by tensor."""

from __future__ import annotations

import torch
from torch import nn


def ema_update(averaged: nn.Module, network: nn.Module, step: int, gamma: float) -> None:
    """Each parameter, once, by the formula; buffers are those of the network."""
    if step < 1:
        raise ValueError(f"step {step}")
    beta = 0.0 if step == 1 else ((step - 1) / step) ** (gamma + 1)
    names = {id(p): name for name, p in averaged.named_parameters()}
    now = dict(network.named_parameters())
    with torch.no_grad():
        for parameter in {id(p): p for p in averaged.parameters()}.values():
            new = beta * parameter + (1 - beta) * now[names[id(parameter)]]
            parameter.copy_(new)
        for mine, theirs in zip(averaged.buffers(), network.buffers(), strict=True):
            mine.copy_(theirs)
