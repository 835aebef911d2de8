"""Oracle: the simple loss."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.diffusion.q_sample import oracle as q_sample_oracle


def simple_loss(
    network: Callable[[Tensor, Tensor], Tensor],
    x_0: Tensor,
    t: Tensor,
    eps: Tensor,
    alpha_bar: Tensor,
) -> Tensor:
    """The squared lengths of the errors, over the count of numbers."""
    error = network(q_sample_oracle.q_sample(x_0, t, eps, alpha_bar), t) - eps
    return torch.linalg.vector_norm(error) ** 2 / error.numel()
