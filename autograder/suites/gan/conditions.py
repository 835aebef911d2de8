"""Labels and attributes as conditions."""

from __future__ import annotations

import torch
from torch import Tensor


def label_rows(labels: Tensor, n_classes: int, like: Tensor) -> Tensor:
    if labels.ndim == 2:
        return labels.to(like.dtype)
    return (labels[:, None] == torch.arange(n_classes, device=labels.device)).to(like.dtype)
