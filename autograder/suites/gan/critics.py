"""Critics: their scores and slopes, and pairs of them to call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.checks import in_student, twin_networks


def average(scores: Tensor) -> Tensor:
    flat = scores.double().flatten()
    return (flat @ torch.full_like(flat, 1.0 / len(flat))).to(scores.dtype)


def sample_gradient(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of the critic's score at one sample x (without its batch dimension), differentiable
    in the critic's parameters.
    """
    leaf = x.detach().clone().requires_grad_()
    score = critic(leaf.unsqueeze(0)).reshape(())
    (gradient,) = torch.autograd.grad(score, leaf, create_graph=True)
    return gradient


def curved_critics(
    student: Any, draw: Any, n_inputs: int, *, column: bool = True
) -> tuple[Any, torch.nn.Sequential]:
    """A smooth critic on (B, ...) with n_inputs numbers per sample, whose slope differs from point
    to point, in the student's process, and its twin here. Scores (B, 1), or else (B,).
    """
    layers: list[Sequence[Any]] = [("Flatten",), ("Linear", n_inputs, 6), ("Softplus",)]
    flat = [] if column else [("Flatten", 0)]
    return twin_networks(student, draw, *layers, ("Linear", 6, 1), *flat)


def linear_critics(student: Any, w: Tensor, *, bend: bool = False) -> tuple[Any, Any]:
    """The critic w . x + 1 on (B, D) in the student's process, and its twin here.

    bend: its ReLU, flat where that is negative.
    """
    layers: list[Sequence[Any]] = [("Linear", len(w), 1), *([("ReLU",)] if bend else [])]
    twin = torch.nn.Sequential(*(getattr(torch.nn, name)(*sizes) for name, *sizes in layers))
    twin = twin.to(w.dtype)
    twin.load_state_dict({"0.weight": w[None], "0.bias": torch.ones(1, dtype=w.dtype)})
    return in_student(student, twin, *layers), twin
