"""Oracle: minibatch discrimination."""

from __future__ import annotations

import torch
from torch import Tensor


def minibatch_features(features: Tensor, T: Tensor) -> Tensor:
    """sum_j exp(-||M_ik - M_jk||_1), image by image and kernel by kernel. features: (B, A); T: (A,
    K, C). (B, K).
    """
    f, kernels = features.double(), T.double()
    columns = []
    for k in range(T.shape[1]):
        rows = f @ kernels[:, k]  # (B, C)
        columns.append(torch.stack([(row - rows).abs().sum(1).neg().exp().sum() for row in rows]))
    return torch.stack(columns, dim=1).to(features.dtype)
