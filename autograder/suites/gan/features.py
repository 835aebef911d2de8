"""Features and kernels, as they come in a training."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.checks import View


def call_on_results(student: Any, name: str, *tensors: Tensor) -> Any:
    """What the student's function `name` returns for tensors that need gradients and are no leaves:
    results of another layer, as features and kernels are in a training.
    """
    given = [View(each.detach().requires_grad_(), ("mul", 1.0)) for each in tensors]
    return getattr(student, name)(*given)


def rounded_off(draw: Any, kernel: Tensor) -> Tensor:
    """The kernel as rounding may leave it, a little asymmetric."""
    return kernel + 1e-7 * draw.normal(*kernel.shape, dtype=kernel.dtype)


def symmetric(kernel: Tensor) -> Tensor:
    wide = kernel.double()
    return (wide + wide.T) / 2
