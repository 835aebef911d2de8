"""What several oracles and checks of `gan` share."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def log_one_plus_exp(x: Tensor) -> Tensor:
    """log(1 + e^x), exact at both ends, in float64."""
    wide = x.double().flatten()
    return torch.logaddexp(torch.zeros_like(wide), wide)


def take_step(optimizer: Any, value: Tensor) -> Tensor:
    """Set the gradients of what the optimizer holds by autograd.grad, whatever lay there, and step.
    The value, detached.
    """
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return value.detach()


def coarse_size(image_size: int) -> int:
    """The largest odd factor of the size, or 4 where that is smaller: 28 -> 7, 64 -> 4."""
    while image_size % 2 == 0 and image_size > 4:
        image_size //= 2
    return image_size


def label_rows(labels: Tensor, n_classes: int, like: Tensor) -> Tensor:
    if labels.ndim == 2:
        return labels.to(like.dtype)
    return (labels[:, None] == torch.arange(n_classes, device=labels.device)).to(like.dtype)


def layers_of(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """The layers with weights that `network`, a module in the student's process, passes through for
    the input x, in order.

    For each: its kind ("conv", "linear" or "norm"), the module, and the tensor that reached it.
    What lies between two (an activation, a resizing, pooling), be it a module or a function, shows
    in the difference between the output of one and the input of the next.
    """
    modules = student.new("importlib.import_module", "torch.nn.modules")
    kinds = {
        kind: student.new("operator.attrgetter", name)(modules)
        for kind, name in (
            ("conv", "conv._ConvNd"),
            ("linear", "linear.Linear"),
            ("norm", "batchnorm._BatchNorm"),
        )
    }
    seen = student.new("collections.UserDict")  # a plain dict would travel by value
    note = student.new("functools.partial", student.new("operator.attrgetter", "__setitem__")(seen))
    hooks = [
        module.register_forward_pre_hook(note)
        for module in student.new("builtins.list", network.modules())
    ]
    network(x)
    for hook in hooks:
        hook.remove()
    layers = []
    for module, inputs in zip(
        student.new("builtins.list", seen.keys()),
        student.new("builtins.list", seen.values()),
        strict=True,
    ):
        kind = next(
            (
                kind
                for kind, cls in kinds.items()
                if student.new("builtins.isinstance", module, cls)
            ),
            None,
        )
        if kind is not None:
            layers.append((kind, module, inputs[0].detach()))
    return layers


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


def symmetric(kernel: Tensor) -> Tensor:
    wide = kernel.double()
    return (wide + wide.T) / 2


def frozen_copy(generator: Any) -> Any:
    """A copy of the generator to work with, in float64, evaluation mode and frozen: nothing can
    happen to the original.
    """
    return copy.deepcopy(generator).double().eval().requires_grad_(False)
