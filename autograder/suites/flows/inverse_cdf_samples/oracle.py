"""Oracle: sampling by the inverse distribution function."""

from __future__ import annotations

import torch
from torch import Tensor


def inverse_cdf_samples(grid: Tensor, density: Tensor, u: Tensor) -> Tensor:
    """For each u, walk over the cells with mass, with plain numbers, until the share of the mass
    that u asks for is passed. Of the shape of u.
    """
    points, heights = grid.double().tolist(), density.double().tolist()
    cells = [
        (left, right, (low + high) / 2 * (right - left))
        for left, right, low, high in zip(
            points[:-1], points[1:], heights[:-1], heights[1:], strict=True
        )
    ]
    cells = [cell for cell in cells if cell[2] > 0]
    total = sum(mass for *_, mass in cells)

    def sample(share: float) -> float:
        before = 0.0
        for left, right, mass in cells:
            if share * total <= before + mass:
                return left + (right - left) * max(0.0, share * total - before) / mass
            before += mass
        return cells[-1][1]

    found = [sample(share) for share in u.double().flatten().tolist()]
    return torch.tensor(found, dtype=u.dtype, device=u.device).reshape(u.shape)
