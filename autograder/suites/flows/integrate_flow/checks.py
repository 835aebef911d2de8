"""Hidden checks: a continuous flow by Euler and Runge-Kutta.

A field is a function of ours, or one in the student's process where its parameters matter.
"""

import math

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    refuses,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.beyond_flows import network, same_parameter_gradients
from autograder.suites.flows.integrate_flow import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.17, "conventions": 0.08}

METHODS = pytest.mark.parametrize("method", ["euler", "rk4"])


class Field:
    """A field that depends on time, with a divergence that need not be its own: a solver cannot
    know.
    """

    def __init__(self, draw, size):
        self.velocity, self.divergence = network(draw, size), network(draw, size, 1)

    def __call__(self, t, x):
        t = float(t)
        return self.velocity(x) * math.cos(2 * t) + t * x, self.divergence(x)[:, 0] + t**2


def agree(student, *given):
    close(student.integrate_flow(*given), oracle.integrate_flow(*given))


def right_in_general(student, draw):
    given = Field(draw, 3), draw.normal(4, 3), 0.0, 1.0, 2
    for method in ("euler", "rk4"):
        once_right(student.integrate_flow(*given, method), oracle.integrate_flow(*given, method))


@METHODS
@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_steps(student, draw, method, n_steps):
    """gives points and log-determinants after one, two and more steps, in a field that changes with
    time
    """
    agree(student, Field(draw, 3), draw.normal(5, 3), 0.0, 1.0, n_steps, method)


@METHODS
@pytest.mark.parametrize("t_start, t_end", [(1.0, 0.0), (-0.5, 2.0), (0.7, -0.4)])
def test_times(student, draw, method, t_start, t_end):
    """is right from any time to any other, backwards too"""
    agree(student, Field(draw, 4), draw.normal(4, 4), t_start, t_end, 3, method)


@METHODS
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
def test_order(student, draw, method, result):
    """has an error that falls with the first or the fourth power of the step"""
    x, end = draw.uniform(5, 2, low=0.1, high=0.9), 1.2

    def field(t, x):  # the logistic equation with a clock that runs at the rate cos t
        rate = math.cos(float(t))
        return rate * x * (1 - x), rate * (1 - 2 * x).sum(1)

    leaf = x.clone().requires_grad_()
    exact = 1 / (1 + (1 / leaf - 1) * math.exp(-math.sin(end)))
    (slopes,) = torch.autograd.grad(exact.sum(), leaf)
    wanted = slopes.log().sum(1) if result else exact.detach()
    steps = (16, 32) if method == "euler" else (4, 8)
    errors = [
        (student.integrate_flow(field, x, 0.0, end, n, method)[result] - wanted).abs().max()
        for n in steps
    ]
    is_true(1e-13 < errors[1] < 0.05, f"error {float(errors[1]):.2g}")
    order = math.log2(float(errors[0] / errors[1]))
    is_true(abs(order - (1 if method == "euler" else 4)) < 0.5, f"order {order:.2f}")


@METHODS
def test_calls(student, draw, method):
    """calls the field just as often as needed, at the right times, on the whole batch"""
    for t_start, t_end, n_steps in ((0.0, 1.0, 4), (0.5, -1.0, 3), (0.0, 1.0, 1)):
        watched, x = Watched(Field(draw, 3)), draw.normal(5, 3)
        value = student.integrate_flow(watched, x, t_start, t_end, n_steps, method)
        times = [float(t) for t, _ in watched.calls]
        close(value, oracle.integrate_flow(watched.function, x, t_start, t_end, n_steps, method))
        h = (t_end - t_start) / n_steps
        nodes = [0.0] if method == "euler" else [0.0, 0.5, 0.5, 1.0]
        expected = [t_start + (i + node) * h for i in range(n_steps) for node in nodes]
        is_true(len(times) == len(expected), f"{len(times)} calls")
        close(torch.tensor(times), torch.tensor(expected))
        is_true(all(tuple(at.shape) == (5, 3) for _, at in watched.calls[: len(times)]))


@aspect("gradients")
@METHODS
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
def test_gradients(student, draw, method, result):
    """sends the right gradients of points and log-determinants to x, through all steps"""
    field = Field(draw, 3)
    same_gradients(
        lambda x: student.integrate_flow(field, x, 0.0, 1.0, 3, method)[result],
        lambda x: oracle.integrate_flow(field, x, 0.0, 1.0, 3, method)[result],
        draw.normal(4, 3),
    )


SOURCE = "lambda net: lambda t, x: (net(x) * (1 + t), net(x)[:, 0] - t)"


@aspect("gradients")
@METHODS
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
def test_parameter_gradients(student, draw, method, result):
    """sends the right gradients to the parameters of the field, for data that need none"""
    theirs, twin = network(draw, 3).in_notebook(student, draw)
    given = draw.normal(4, 3), 0.2, 1.0, 2, method
    same_parameter_gradients(
        *(student, theirs, twin),
        student.integrate_flow(student.new("builtins.eval", SOURCE)(theirs), *given)[result],
        oracle.integrate_flow(eval(SOURCE)(twin), *given)[result],
    )


@aspect("edges")
@METHODS
def test_round_trip(student, draw, method):
    """comes back with the same steps backwards, as nearly as the method allows"""
    right_in_general(student, draw)
    net = network(draw, 3, scale=0.3)

    def field(t, x):
        return net(x) * math.cos(float(t)), net(x)[:, 1]

    x = draw.normal(4, 3)
    z, log_det = student.integrate_flow(field, x, 0.0, 1.0, 60, method)
    back, more = student.integrate_flow(field, z, 1.0, 0.0, 60, method)
    rough = {"rtol": 0.1, "atol": 0.1} if method == "euler" else {"rtol": 1e-5, "atol": 1e-5}
    close(back, x, **rough)
    close(log_det + more, torch.zeros_like(log_det), **rough)


@aspect("edges")
@METHODS
def test_no_time(student, draw, method):
    """stays where it is when start and end are the same time, and where the field is zero"""
    right_in_general(student, draw)
    x = draw.normal(4, 3)
    for field, end in ((Field(draw, 3), 0.3), (lambda t, x: (0 * x, 0 * x[:, 0]), 2.0)):
        z, log_det = student.integrate_flow(field, x, 0.3, end, 3, method)
        close(z, x)
        close(log_det, torch.zeros_like(x[:, 0]))


@aspect("edges")
@METHODS
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, method, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    agree(student, Field(draw, size), draw.normal(n, size), 0.0, 1.0, 2, method)


@aspect("edges")
def test_default(student, draw):
    """uses Runge-Kutta if no method is named, and takes whole numbers for times"""
    right_in_general(student, draw)
    agree(student, Field(draw, 3), draw.normal(4, 3), 0, 1, 2)
    agree(student, Field(draw, 3), draw.normal(4, 3), 1, 0, 3, "euler")


@aspect("edges")
def test_refusal(student, draw):
    """refuses an unknown method, and less than one step, with a ValueError"""
    right_in_general(student, draw)
    for n_steps, method in ((2, "midpoint"), (2, ""), (0, "euler"), (0, "rk4"), (-3, "rk4")):
        refuses(
            student.integrate_flow, Field(draw, 3), draw.normal(4, 3), 0.0, 1.0, n_steps, method
        )


def flows(draw):
    """By either method."""
    for method in ("euler", "rk4"):
        yield Field(draw, 3), draw.normal(4, 3), 0.0, 1.0, 2, method


globals().update(usual_checks(oracle.integrate_flow, flows))
