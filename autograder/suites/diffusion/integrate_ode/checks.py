"""Hidden checks: Euler and Heun."""

import math

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    parameter_gradients,
    refuses,
    same_gradients,
    twin_networks,
    usual_checks,
)
from autograder.suites.diffusion.integrate_ode import oracle
from autograder.suites.diffusion.noisy_data import ONES

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.17, "conventions": 0.08}

METHODS = pytest.mark.parametrize("method", ["euler", "heun"])


class Field:
    """A drift that depends on place and time."""

    def __init__(self, draw):
        self.slope, self.shift = 0.5 + float(draw.uniform(1)), float(draw.normal(1))

    def __call__(self, x, t):
        t = float(t)
        return torch.sin(self.slope * x + self.shift) * math.cos(2 * t) - 0.4 * t * x


def uneven(draw, n, start=0.0, end=1.0):
    """n steps of unequal size."""
    steps = 0.3 + draw.uniform(n)
    share = torch.cat([torch.zeros(1).double(), steps.cumsum(0)]) / steps.sum()
    return start + (end - start) * share


def agree(student, *args):
    close(student.integrate_ode(*args), oracle.integrate_ode(*args))


def right_in_general(student, draw):
    args = Field(draw), draw.normal(4, 3), uneven(draw, 3)
    for method in ("euler", "heun"):
        once_right(student.integrate_ode(*args, method), oracle.integrate_ode(*args, method))


@METHODS
@pytest.mark.parametrize("n", [1, 2, 5])
def test_steps(student, draw, method, n):
    """is right after one, two and more steps of unequal size, for a drift that changes with time"""
    agree(student, Field(draw), draw.normal(5, 3), uneven(draw, n), method)


@METHODS
@pytest.mark.parametrize("start, end", [(1.0, 0.0), (-0.5, 2.0), (0.7, -0.4)])
def test_times(student, draw, method, start, end):
    """is right from any time to any other, backwards too"""
    agree(student, Field(draw), draw.normal(4, 2, 3), uneven(draw, 3, start, end), method)


@METHODS
def test_order(student, draw, method):
    """has an error that falls with the first or the second power of the step"""
    x, end = draw.uniform(5, low=0.15, high=0.85), 1.2

    def drift(x, t):  # the logistic equation with a clock that runs at the rate cos t
        return math.cos(float(t)) * x * (1 - x)

    exact = 1 / (1 + (1 / x - 1) * math.exp(-math.sin(end)))
    errors = []
    for n in (16, 32):
        times = torch.linspace(0, end, n + 1, dtype=torch.float64)
        errors.append(float((student.integrate_ode(drift, x, times, method) - exact).norm()))
    is_true(1e-13 < errors[1] < 0.05, f"errors {errors}")
    order = math.log2(errors[0] / errors[1])
    is_true(abs(order - (1 if method == "euler" else 2)) < 0.4, f"order {order:.2f}")


@METHODS
def test_calls(student, draw, method):
    """asks for the drift as often as needed, at the right times, on the whole batch"""
    for start, end, n in ((0.0, 1.0, 4), (0.5, -1.0, 3)):
        field, x, times = Field(draw), draw.normal(5, 3), uneven(draw, n, start, end)
        watched = Watched(field)
        value = student.integrate_ode(watched, x, times, method)
        close(value, oracle.integrate_ode(field, x, times, method))
        asked = [float(t) for _, t in watched.calls]
        pairs = zip(times[:-1].tolist(), times[1:].tolist(), strict=True)
        wanted = [t for a, b in pairs for t in ((a,) if method == "euler" else (a, b))]
        is_true(len(asked) == len(wanted), f"{len(asked)} calls")
        close(torch.tensor(asked), torch.tensor(wanted), atol=1e-5)
        is_true(all(tuple(at.shape) == (5, 3) for at, _ in watched.calls))


@aspect("gradients")
@METHODS
def test_gradients(student, draw, method):
    """sends the right gradient to x, through all steps"""
    field, times = Field(draw), uneven(draw, 3)
    same_gradients(
        lambda x: student.integrate_ode(field, x, times, method),
        lambda x: oracle.integrate_ode(field, x, times, method),
        draw.normal(4, 3),
    )


SOURCE = "lambda net: lambda x, t: net(x) * (1 + t)"


@aspect("gradients")
@METHODS
def test_parameter_gradients(student, draw, method):
    """sends the right gradients to the parameters of the drift, for points that need none"""
    theirs, twin = twin_networks(student, draw, ("Linear", 3, 4), ("Tanh",), ("Linear", 4, 3))
    x, times = draw.normal(4, 3), uneven(draw, 2)
    actual = student.integrate_ode(student.new("builtins.eval", SOURCE)(theirs), x, times, method)
    expected = oracle.integrate_ode(eval(SOURCE)(twin), x, times, method)
    close(actual, expected)
    is_true(actual.requires_grad, "no gradient")
    cotangent = torch.linspace(1.5, 0.5, expected.numel()).double().reshape(expected.shape)
    actual.backward(cotangent)
    expected.backward(cotangent)
    close(*parameter_gradients(student, theirs, twin))


@aspect("edges")
@METHODS
def test_no_step(student, draw, method):
    """stays where it is when there is one time only, and when a step takes no time"""
    right_in_general(student, draw)
    x = draw.normal(4, 3)
    close(student.integrate_ode(Field(draw), x, torch.tensor([0.4]).double(), method), x)
    times = torch.tensor([0.4, 0.4]).double()
    close(student.integrate_ode(Field(draw), x, times, method), x)


@aspect("edges")
@METHODS
@ONES
def test_one(student, draw, method, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, Field(draw), draw.normal(*shape), uneven(draw, 2), method)


@aspect("edges")
def test_default(student, draw):
    """uses Heun's method if none is named"""
    right_in_general(student, draw)
    agree(student, Field(draw), draw.normal(4, 3), uneven(draw, 2))


@aspect("edges")
def test_refusal(student, draw):
    """refuses an unknown method with a ValueError"""
    right_in_general(student, draw)
    for method in ("rk4", "", "Heun"):
        refuses(student.integrate_ode, Field(draw), draw.normal(4, 3), uneven(draw, 2), method)


def calls(draw):
    """By either method."""
    for method in ("euler", "heun"):
        yield Field(draw), draw.normal(4, 3), uneven(draw, 2), method


globals().update(usual_checks(oracle.integrate_ode, calls))
