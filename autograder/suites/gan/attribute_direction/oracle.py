"""Oracle: the direction of an attribute among codes."""

from __future__ import annotations

from torch import Tensor


def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """A linear functional of the codes: weights has / n_with - (1 - has) / n_without. codes: (N,
    K); has: (N,). (K,).
    """
    marks = has.double()
    weights = marks / marks.sum() - (1 - marks) / (1 - marks).sum()
    return (weights @ codes.double()).to(codes.dtype)
