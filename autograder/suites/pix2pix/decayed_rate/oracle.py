"""Oracle: a rate that is constant, then falls linearly to 0."""

from __future__ import annotations

from fractions import Fraction


def decayed_rate(i: int, rate: float, n_constant: int, n_iterations: int) -> float:
    """The smaller of the constant and the line through 0 at n_iterations, in fractions."""
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError(f"i = {i}, n_constant = {n_constant}, n_iterations = {n_iterations}")
    left = max(0, n_iterations - i)
    if left == 0:
        return 0.0
    falling = n_iterations - n_constant
    share = Fraction(1) if i < n_constant or not falling else Fraction(left, falling)
    return float(Fraction(rate) * min(Fraction(1), share))
