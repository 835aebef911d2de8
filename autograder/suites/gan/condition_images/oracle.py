"""Oracle: conditioning the discriminator."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.gan.conditions import label_rows


def condition_images(x: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """x with n_classes constant maps behind its channels, made as an outer product with a map of
    ones.
    """
    ones = torch.ones_like(x[0, 0])
    return torch.cat(
        [x, torch.einsum("bk,hw->bkhw", label_rows(labels, n_classes, x), ones)], dim=-3
    )
