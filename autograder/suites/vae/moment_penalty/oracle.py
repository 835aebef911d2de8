"""Oracle: moment penalty on the codes."""

from __future__ import annotations

from torch import Tensor


def moment_penalty(z: Tensor) -> Tensor:
    """Squared distances of mean, standard deviation, kurtosis from 0, 1, 3; moments from all pairs
    of codes. z: (B, D). Scalar.
    """
    wide = z.double()
    # for independent draws u, v of the batch: E(u - v)^2 = 2 s^2 and E(u - v)^4 = 2 mu_4 + 6 s^4
    pairs = wide.unsqueeze(0) - wide.unsqueeze(1)
    variance = pairs.pow(2).mean((0, 1)) / 2
    fourth = pairs.pow(4).mean((0, 1)) / 2 - 3 * variance.square()
    mean = wide.sum(0) / len(wide)
    return (
        (mean.square() + (variance.sqrt() - 1).square() + (fourth / variance.square() - 3).square())
        .sum()
        .to(z.dtype)
    )
