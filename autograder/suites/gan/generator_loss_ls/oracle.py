"""Oracle: least squares: the generator."""

from __future__ import annotations

from torch import Tensor


def generator_loss_ls(fake_output: Tensor) -> Tensor:
    """The square as an inner product. Any shape. Scalar."""
    missing = 1 - fake_output.double().flatten()
    return (missing @ missing / (2 * missing.numel())).to(fake_output.dtype)
