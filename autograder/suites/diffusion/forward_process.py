"""What the oracles and checks of the lab `ddpm` share: the forward process as a recursion over
single steps, arguments of every kind, and networks of two arguments in the student's process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checks import CheckFailed, close, twin_networks

# The forward process, one step after the other


def moments(betas: Tensor, start: int, end: int) -> tuple[Tensor, Tensor]:
    """By how much the steps start + 1, ..., end scale what comes in, and the variance of the noise
    that they add: 0-d each, from the definition of a single step.
    """
    scale, variance = torch.ones_like(betas[0]), torch.zeros_like(betas[0])
    for beta in betas[start + 1 : end + 1]:
        scale = scale * torch.sqrt(1 - beta)
        variance = (1 - beta) * variance + beta
    return scale, variance


def betas_of(alpha_bar: Tensor) -> Tensor:
    """The betas whose products an alpha_bar holds: (T,)."""
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar[:-1]])
    return 1 - alpha_bar / before


def conditioned(betas: Tensor, x_0: Tensor, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
    """Mean and variance of x_{t-1} given x_t and x_0, for one step: the joint distribution of
    (x_{t-1}, x_t) given x_0 is Gaussian, and is conditioned on its second half.
    """
    scale, variance = moments(betas, -1, t - 1)  # of x_{t-1}
    root = torch.sqrt(1 - betas[t])
    covariance, total = root * variance, root**2 * variance + betas[t]
    gain = covariance / total
    mean = scale * x_0 + gain * (x_t - root * scale * x_0)
    return mean, variance - gain * covariance


def each(function: Callable[..., Any], *rows: Any) -> Any:
    """Call a function for one sample after the other, and stack what it returns."""
    results = [function(*row) for row in zip(*rows, strict=True)]
    if isinstance(results[0], tuple):
        return tuple(torch.stack(part) for part in zip(*results, strict=True))
    return torch.stack(results)


def each_step(function: Callable[..., Tensor], t: Tensor, *rows: Tensor) -> Tensor:
    """Call a function for one step after the other, with the step and those rows that are at it."""
    at = {step: (t == step).nonzero()[:, 0] for step in sorted(set(t.tolist()))}
    results = [function(step, *(row[index] for row in rows)) for step, index in at.items()]
    return torch.cat(results)[torch.cat(list(at.values())).argsort()]


# Arguments


SHAPES = [(5, 3, 4, 2), (4, 3), (6,), (3, 2, 1, 2, 2)]
"""Of a batch: images, points, numbers, and more axes than usual."""


def betas(draw: Any, n_steps: int, high: float = 0.6) -> Tensor:
    """In no order, so that no step can be taken for another one."""
    return draw.uniform(n_steps, low=0.05, high=high)


def alpha_bar(draw: Any, n_steps: int) -> Tensor:
    return torch.cumprod(1 - betas(draw, n_steps), 0)


def steps(draw: Any, n: int, n_steps: int) -> Tensor:
    """One for each sample, 0 and the last one among them if there are two samples or more."""
    t = draw.integers(0, n_steps, n)
    if n > 1:
        t[0], t[-1] = 0, n_steps - 1
    return t[draw.permutation(n)]


def forward_inputs(draw: Any, shape: tuple[int, ...], n_steps: int = 7) -> tuple[Tensor, ...]:
    """x_0, t, eps and alpha_bar."""
    return (
        draw.normal(*shape),
        steps(draw, shape[0], n_steps),
        draw.normal(*shape),
        alpha_bar(draw, n_steps),
    )


def mixed_precision(*given: Any, schedule: int) -> list[Any]:
    """The arguments with images in float32 and the schedule, an argument by number, in float64."""
    return [
        value.float()
        if isinstance(value, Tensor) and value.is_floating_point() and place != schedule
        else value
        for place, value in enumerate(given)
    ]


# Networks of two arguments


TIMED = (
    "lambda net: lambda x, t: net(x) * (1 + t.to(x.dtype) / 4).reshape(-1, *[1] * (x.dim() - 1))"
)
"""Makes a network that is told the time of one that is not, in the student's process."""


def factor(x: Tensor, t: Tensor) -> Tensor:
    """By which the time changes what such a network returns."""
    return (1 + t.to(x.dtype) / 4).reshape(-1, *[1] * (x.dim() - 1))


def timed_networks(
    student: Any, draw: Any, n: int, *extra: tuple[Any, ...], statistics: bool = False
) -> tuple[Any, Any, Any, torch.nn.Sequential]:
    """A network of points (B, n) and times in the student's process, its module over there, and the
    same two here. extra: layers after the first.
    """
    layers = ("Linear", n, n), *extra, ("Tanh",)
    theirs, twin = twin_networks(student, draw, *layers, statistics=statistics)
    return timed(student, theirs), theirs, lambda x, t: twin(x) * factor(x, t), twin


def timed(student: Any, theirs: Any) -> Any:
    """The module over there as a network of two arguments."""
    return student.new("builtins.eval", TIMED)(theirs)


def fields(draw: Any, n: int) -> Callable[[Tensor, Tensor], Tensor]:
    """The like as a plain function, in the precision of its input."""
    weight = draw.normal(n, n)

    def network(x: Tensor, t: Tensor) -> Tensor:
        return (torch.tanh(x.double() @ weight.T) * factor(x.double(), t)).to(x.dtype)

    return network


# Modules of named parts


def random_state(draw: Any, module: torch.nn.Module, scale: float = 0.6) -> dict[str, Tensor]:
    """Weights far from those of a new module, norms included."""
    return {name: scale * draw.normal(*p.shape) for name, p in module.named_parameters()}


def parameters(student: Any, module: Any) -> dict[str, Tensor]:
    """The parameters of a module over there, by name."""
    return dict(student.new("builtins.dict", module.named_parameters()))


def same_names(student: Any, module: Any, twin: torch.nn.Module) -> None:
    """Fail unless the parameters have the names and shapes of the twin's."""
    found = {name: tuple(p.shape) for name, p in parameters(student, module).items()}
    wanted = {name: tuple(p.shape) for name, p in twin.named_parameters()}
    if missing := sorted(wanted.keys() - found.keys()):
        raise CheckFailed(str(missing), told=f"there is no parameter {missing[0]}")
    if more := sorted(found.keys() - wanted.keys()):
        raise CheckFailed(str(more), told=f"the parameter {more[0]} is not in the table")
    for name, shape in found.items():
        if shape != wanted[name]:
            raise CheckFailed(f"{name}: {shape}", told=f"the parameter {name} has another shape")


def with_weights(student: Any, draw: Any, theirs: Any, twin: torch.nn.Module) -> None:
    """Give a module over there and its twin the same random weights, in float64."""
    same_names(student, theirs, twin)
    values = random_state(draw, twin)
    twin.double().load_state_dict({**twin.state_dict(), **values})
    theirs.double().load_state_dict({**dict(theirs.state_dict()), **values})


def weight_gradients(student: Any, theirs: Any, twin: torch.nn.Module) -> None:
    """Fail unless the parameters of both have the same gradients."""
    for name, parameter in twin.named_parameters():
        found = student.new("operator.attrgetter", f"{name}.grad")(theirs)
        if found is None:
            raise CheckFailed(name, told=f"no gradient reaches {name}")
        close(found, parameter.grad)
