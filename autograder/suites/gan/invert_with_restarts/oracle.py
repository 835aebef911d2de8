"""Oracle: inversion from several starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.suites.gan.inverting import frozen_copy


def _inversion_error(model: Any, x: Tensor, z: Tensor) -> Tensor:
    """||G(z_i) - x_i||^2 as inner products, image by image. z: (B, K) float64. (B,)."""
    difference = (model(z) - x.double()).flatten(1)
    return torch.einsum("bd,bd->b", difference, difference)


def invert_with_restarts(
    generator: Any, x: Tensor, z_inits: Tensor, search: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """A running best over the starts, image by image. z_inits: (R, B, K). (z (B, K), error
    (B,)).
    """
    model = frozen_copy(generator)
    best = search(z_inits[0].double())
    lowest = _inversion_error(model, x, best)
    for z_init in z_inits[1:]:
        z = search(z_init.double())
        error = _inversion_error(model, x, z)
        best = torch.where((error < lowest)[:, None], z, best)
        lowest = torch.minimum(error, lowest)
    return best.to(z_inits.dtype), lowest.to(x.dtype)
