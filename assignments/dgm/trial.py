"""For the visible checks of training steps: one step on tiny networks, and what came of it."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn


def tiny_autoencoder(n_out: int = 3, n_code: int = 3) -> tuple[nn.Module, nn.Module]:
    """An encoder (B, 1, 28, 28) -> (B, n_out) and a decoder (B, n_code) -> (B, 1, 28, 28) in (0, 1), one linear layer each.

    They have the same weights at each call.
    """
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, n_out))
        decoder = nn.Sequential(nn.Linear(n_code, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))
    return encoder, decoder


def trial_step(
    step: Callable[..., Any],
    *parts: nn.Module | Tensor,
    lr: float = 1e-3,
    left_behind: float = 0.0,
) -> tuple[Any, list[float]]:
    """One `step(optimizer, *parts)` of plain gradient descent on copies of the parts, always with the same noise.

    parts: modules or parameters.
    left_behind: the gradient that each weight has from a step before.
    Returns the step's losses (as floats, if they are a dictionary), and by how much the weights of each part moved at most.
    """
    copies = copy.deepcopy(parts)
    weights = [[p] if isinstance(p, Tensor) else list(p.parameters()) for p in copies]
    before = [_flat(each) for each in weights]
    for weight in (w for each in weights for w in each):
        weight.grad = torch.full_like(weight, left_behind)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        losses = step(torch.optim.SGD([w for each in weights for w in each], lr=lr), *copies)
    if isinstance(losses, dict):
        losses = {name: torch.as_tensor(loss).item() for name, loss in losses.items()}
    after = [_flat(each) for each in weights]
    return losses, [(b - a).abs().max().item() for a, b in zip(before, after, strict=True)]


def check_moved(moved: Sequence[float], parts: Sequence[str] = ("encoder", "decoder")) -> None:
    """Fail (AssertionError) if one of the parts, of these names, stayed where it was."""
    for part, by in zip(parts, moved, strict=True):
        assert by > 0, f"the {part} did not move"


def check_leftovers(
    step: Callable[..., Any], moved: Sequence[float], *parts: nn.Module | Tensor
) -> None:
    """Fail (AssertionError) if a step moves otherwise where an earlier one has left gradients behind.

    moved: what `trial_step(step, *parts)` found.
    """
    _, again = trial_step(step, *parts, left_behind=1.0)
    assert all(math.isclose(a, b, rel_tol=1e-3) for a, b in zip(moved, again, strict=True)), (
        "gradients that an earlier step left behind are added to this step's"
    )


def check_loss_alone(step: Callable[..., Any], name: str, *parts: nn.Module) -> None:
    """Fail (AssertionError) unless a step returns {name: its loss before the step}, moves both parts and heeds no older gradient."""
    losses, moved = trial_step(step, *parts)
    assert isinstance(losses, dict) and list(losses) == [name], (
        f'return a dictionary with the one key "{name}"'
    )
    check_moved(moved)
    still, _ = trial_step(step, *parts, lr=0.0)
    assert math.isclose(losses[name], still[name], rel_tol=1e-5), "return the loss before the step"
    check_leftovers(step, moved, *parts)


def _flat(weights: Sequence[Tensor]) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in weights])
