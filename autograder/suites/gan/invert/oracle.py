"""Oracle: inversion of a generator."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.suites.gan.inverting import frozen_copy


def invert(generator: Any, x: Tensor, z_init: Tensor, n_steps: int, lr: float) -> Tensor:
    """Adam by hand: a step is lr times the weighted mean of the gradients over the root of that of
    their squares. (B, K).

    The weights are 0.9^age and 0.999^age, divided by their sum, which is what Adam's bias
    correction amounts to. The gradient of
    ||G(z) - x||^2 is 2 J^T (G(z) - x), a vector-Jacobian product.
    """
    model = frozen_copy(generator)
    z = z_init.detach().double()
    first, first_weight = torch.zeros_like(z), 0.0
    second, second_weight = torch.zeros_like(z), 0.0
    for _ in range(n_steps):
        point = z.clone().requires_grad_()
        with torch.enable_grad():
            image = model(point)
        (gradient,) = torch.autograd.grad(
            image, point, grad_outputs=2 * (image.detach() - x.double())
        )
        first, first_weight = 0.9 * first + gradient, 0.9 * first_weight + 1
        second, second_weight = 0.999 * second + gradient.square(), 0.999 * second_weight + 1
        z = z - lr * (first / first_weight) / ((second / second_weight).sqrt() + 1e-8)
    return z.to(z_init.dtype)
