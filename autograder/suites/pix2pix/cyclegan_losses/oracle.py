"""Oracle: the objective of both maps, and its parts."""

from __future__ import annotations

import torch
from torch import Tensor


def cyclegan_losses(
    on_fake_a: Tensor,
    on_fake_b: Tensor,
    a: Tensor,
    b: Tensor,
    back_a: Tensor,
    back_b: Tensor,
    same_a: Tensor | None = None,
    same_b: Tensor | None = None,
    lambda_cycle: float = 10.0,
    lambda_identity: float = 0.0,
) -> dict[str, Tensor]:
    """Norms over numbers of elements, and a dot product of weights and parts. Seven scalars."""
    missing = same_a is None or same_b is None
    if missing and lambda_identity != 0:
        raise ValueError(f"lambda_identity = {lambda_identity} needs images")

    def square(outputs: Tensor) -> Tensor:
        flat = outputs.flatten()
        return flat @ flat / flat.numel() - 2 * flat.sum() / flat.numel() + 1

    def apart(x: Tensor | None, y: Tensor) -> Tensor:
        if x is None:
            return torch.zeros((), dtype=a.dtype, device=a.device)
        difference = (x - y).flatten()
        return torch.linalg.vector_norm(difference, 1) / difference.numel()

    names = ["G", "F", "cycle_A", "cycle_B", "identity_G", "identity_F"]
    values = [
        square(on_fake_b),
        square(on_fake_a),
        apart(back_a, a),
        apart(back_b, b),
        apart(same_b, b),
        apart(same_a, a),
    ]
    weights = [1.0, 1.0, lambda_cycle, lambda_cycle, lambda_identity, lambda_identity]
    total = torch.stack([w * value for w, value in zip(weights, values, strict=True)]).sum()
    return dict(zip(names, values, strict=True)) | {"total": total}
