"""Oracle: the scale of latents, by two passes over all numbers."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def latent_scale(latents: Tensor) -> Tensor:
    """One over the root of the mean square around the mean, in float64."""
    numbers = latents.detach().cpu().double().flatten()
    if bool((numbers == numbers[0]).all()):
        raise ValueError("equal latents")
    mean = math.fsum(numbers.tolist()) / len(numbers)
    variance = math.fsum(((numbers - mean) ** 2).tolist()) / len(numbers)
    return torch.tensor(1 / math.sqrt(variance), dtype=latents.dtype, device=latents.device)
