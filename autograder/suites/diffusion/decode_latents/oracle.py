"""Oracle: data of scaled latents."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def decode_latents(decoder: Callable[[Tensor], Tensor], z: Tensor, scale: float | Tensor) -> Tensor:
    """The unscaled latents solve scale * latents = z."""
    factor = torch.as_tensor(scale, dtype=z.dtype, device=z.device)
    return decoder(z * factor.reciprocal())
