"""Oracle: labels that are dropped."""

from __future__ import annotations

import torch
from torch import Tensor


def drop_labels(labels: Tensor, mask: Tensor, null_label: int) -> Tensor:
    """Label by label."""
    pairs = zip(labels.tolist(), mask.tolist(), strict=True)
    kept = [null_label if dropped else label for label, dropped in pairs]
    return torch.tensor(kept, dtype=torch.int64, device=labels.device)
