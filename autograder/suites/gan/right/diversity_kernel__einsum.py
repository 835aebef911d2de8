"""An einsum over the features."""

import torch


def diversity_kernel(features: torch.Tensor) -> torch.Tensor:
    return torch.einsum("id,jd->ij", features, features)
