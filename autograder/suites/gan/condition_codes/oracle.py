"""Oracle: conditioning the generator."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.gan.conditions import label_rows


def condition_codes(z: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """(z, y): the one-hot rows by comparing each label with 0..n_classes-1; attributes (B,
    n_classes) as they are.
    """
    return torch.cat([z, label_rows(labels, n_classes, z)], dim=-1)
