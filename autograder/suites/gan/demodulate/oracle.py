"""Oracle: weight demodulation."""

from __future__ import annotations

import torch
from torch import Tensor


def demodulate(weight: Tensor, style: Tensor, eps: float = 1e-8) -> Tensor:
    """w s / sqrt(sum_i s_i^2 e_oi + eps), with e_oi the energy of the kernel from i to o. (B, out,
    in, kh, kw).
    """
    w, s = weight.double(), style.double()
    energy = torch.einsum("oikl,oikl->oi", w, w)
    gain = (s.square() @ energy.T + eps).pow(-0.5)  # (B, out)
    return torch.einsum("oikl,bi,bo->boikl", w, s, gain).to(weight.dtype)
