"""Oracle: what a network is trained to return."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion.noisy_data import spread


def prediction_target(x_0: Tensor, eps: Tensor, alpha_bar_t: Tensor, kind: str) -> Tensor:
    """By the angle phi with cos^2 phi = alpha_bar_t: v is dx_t/dphi, the score is that of a normal
    distribution at x_t.
    """
    if kind not in ("eps", "x_0", "v", "score"):
        raise ValueError(kind)
    phi = spread(alpha_bar_t.sqrt().acos(), x_0)
    if kind == "score":
        x_t = phi.cos() * x_0 + phi.sin() * eps
        return (phi.cos() * x_0 - x_t) / phi.sin().square()
    turned = {"x_0": 0.0 * phi, "eps": 0.0 * phi + 1, "v": phi.cos()}[kind]
    kept = {"x_0": 0.0 * phi + 1, "eps": 0.0 * phi, "v": -phi.sin()}[kind]
    return kept * x_0 + turned * eps
