"""Oracle: what perfect discriminators and the cycle see of maps between finite domains."""

from __future__ import annotations

import torch
from torch import Tensor


def judge_maps(
    p_a: Tensor, p_b: Tensor, g: Tensor, f: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """By matrices: a map is a matrix with a 1 in each row, and goes on distributions from the
    right. Half of the L1 distance, and one minus the probability on the diagonal. Four scalars.
    """
    to_b = torch.nn.functional.one_hot(g, len(p_b)).to(p_a.dtype)
    to_a = torch.nn.functional.one_hot(f, len(p_a)).to(p_a.dtype)
    return (
        torch.linalg.vector_norm(p_a @ to_b - p_b, 1) / 2,
        torch.linalg.vector_norm(p_b @ to_a - p_a, 1) / 2,
        p_a @ (1 - (to_b @ to_a).diagonal()),
        p_b @ (1 - (to_a @ to_b).diagonal()),
    )
