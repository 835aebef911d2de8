"""Oracle: errors by attribute."""

from __future__ import annotations

import torch
from torch import Tensor


def error_by_attribute(error: Tensor, attributes: Tensor) -> Tensor:
    """The normal equations of two indicator columns for each attribute, 0 / 0 where nobody is.
    error: (N,); attributes: (N, A). (A, 2).
    """
    wide, marks = error.double(), attributes.double()
    indicators = torch.stack([1 - marks, marks], dim=-1)  # (N, A, 2)
    return (torch.einsum("n,nac->ac", wide, indicators) / indicators.sum(0)).to(error.dtype)
