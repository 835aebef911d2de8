"""Oracle: the interleaved encoder step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.suites.vae.moment_penalty.oracle import moment_penalty


def encoder_step(encoder: Any, optimizer: Any, x: Tensor) -> Tensor:
    """One optimizer step on the moment penalty of encoder(x), its gradients set by hand. Returns
    the penalty before it, detached.
    """
    penalty = moment_penalty(encoder(x))
    parameters = [
        parameter
        for group in optimizer.param_groups
        for parameter in group["params"]
        if parameter.requires_grad
    ]
    for parameter, grad in zip(parameters, torch.autograd.grad(penalty, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return penalty.detach()
