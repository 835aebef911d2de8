"""Random inputs of a check: fixed by the secret and the check's name, unknown to students."""

from __future__ import annotations

import hashlib

import torch


class Draw:
    """Random inputs of one check: fixed by the secret and the check's name, unknown to students.
    CPU tensors, float64 unless told.
    """

    def __init__(self, secret: str, check: str) -> None:
        self.secret = secret
        digest = hashlib.sha256(f"{secret}|{check}".encode()).digest()
        self._generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") % 2**63)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        return torch.randn(shape, generator=self._generator, dtype=torch.float64).to(dtype)

    def uniform(
        self, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = torch.float64
    ) -> torch.Tensor:
        return (
            low + (high - low) * torch.rand(shape, generator=self._generator, dtype=torch.float64)
        ).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """int64 in low..high-1."""
        return torch.randint(low, high, shape, generator=self._generator)

    def permutation(self, n: int) -> torch.Tensor:
        return torch.randperm(n, generator=self._generator)
