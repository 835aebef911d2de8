"""Oracle: signal-to-noise ratio."""

from __future__ import annotations

from torch import Tensor


def snr(alpha_bar: Tensor) -> Tensor:
    """The exponential of the logit."""
    return alpha_bar.logit().exp()
