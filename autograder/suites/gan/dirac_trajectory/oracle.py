"""Oracle: trajectories of the Dirac-GAN."""

from __future__ import annotations

import cmath

import torch
from torch import Tensor


def _dirac_log_one_plus_exp(x: complex) -> complex:
    """log(1 + e^x), continued to complex x, without overflow."""
    return x + cmath.log(1 + cmath.exp(-x)) if x.real > 0 else cmath.log(1 + cmath.exp(x))


def _dirac_slope(player: int, theta: complex, phi: complex, kind: str, gamma: float) -> float:
    """Slope of the loss of G (player 0, in theta) or D (player 1, in phi), by a complex step: exact
    to rounding.
    """
    tiny = 1e-30
    theta, phi = (theta + 1j * tiny, phi) if player == 0 else (theta, phi + 1j * tiny)
    fake = phi * theta
    loss: complex
    if kind in ("wgan", "wgan-gp"):
        loss = fake if player else -fake
    elif player:
        loss = _dirac_log_one_plus_exp(fake)
    else:
        loss = (
            -_dirac_log_one_plus_exp(fake) if kind == "minimax" else _dirac_log_one_plus_exp(-fake)
        )
    if player and kind == "wgan-gp" and phi.real:
        loss += gamma * (phi * (1 if phi.real > 0 else -1) - 1) ** 2
    if player and kind == "r1":
        loss += gamma / 2 * phi**2
    return loss.imag / tiny


def dirac_trajectory(
    theta: float | Tensor,
    phi: float | Tensor,
    kind: str,
    step_size: float,
    n_steps: int,
    gamma: float = 0.0,
    alternating: bool = False,
    n_critic: int = 1,
    clip: float | None = None,
) -> Tensor:
    """The players' gradient steps on their losses in Python's own numbers, one pair (theta, phi) a
    row. (n_steps + 1, 2).

    It reads the values of its start, so that there is no path on the meta device.
    """
    like = theta if isinstance(theta, Tensor) else torch.tensor(0.0)
    point = [float(theta), float(phi)]
    limit = float("inf") if clip is None else clip

    def move(player: int, at: list[float]) -> float:
        moved = at[player] - step_size * _dirac_slope(player, at[0], at[1], kind, gamma)
        return sorted((-limit, moved, limit))[1] if player else moved

    path = [list(point)]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                point[1] = move(1, point)
            point[0] = move(0, point)
        else:
            point = [move(0, point), move(1, point)]
        path.append(list(point))
    return torch.tensor(path, dtype=torch.float64).to(like.device, like.dtype)
