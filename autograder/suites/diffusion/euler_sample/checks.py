"""Hidden checks: samples by Euler's method."""

import math

import pytest
import torch

from autograder.checks import aspect, close, is_true, once_right, usual_checks
from autograder.suites.diffusion.euler_sample import oracle
from autograder.suites.diffusion.gaussian_field import oracle as single
from autograder.suites.diffusion.probability_paths import Place, Watched, refuses, timed_twins

ASPECTS = {"values": 0.55, "graph": 0.2, "edges": 0.17, "conventions": 0.08}


def agree(student, *call):
    close(student.euler_sample(*call), oracle.euler_sample(*call))


def right_in_general(student, draw):
    call = Place.of(draw, 3), draw.normal(4, 3), 3
    once_right(student.euler_sample(*call), oracle.euler_sample(*call))


@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_steps(student, draw, n_steps):
    """is right after one, two and more steps, in a field that changes with time"""
    agree(student, Place.of(draw, 3), draw.normal(5, 3), n_steps)


@pytest.mark.parametrize("shape", [(3, 2, 4, 3), (4, 1, 7)], ids=str)
def test_images(student, draw, shape):
    """works for images and other shapes"""
    agree(student, Place.of(draw, *shape[1:]), draw.normal(*shape), 3)


@pytest.mark.parametrize("n_steps", [1, 4, 7])
def test_growth(student, draw, n_steps):
    """multiplies by the same number in each step of the field v(x, t) = x"""
    x_0 = draw.normal(5, 2)
    close(student.euler_sample(lambda x, t: x, x_0, n_steps), (1 + 1 / n_steps) ** n_steps * x_0)


def test_order(student, draw):
    """has an error that falls with the first power of the step"""
    x_0, mean = draw.normal(6, 2), 2 * draw.normal(2)
    std = draw.uniform(2, low=1.2, high=2.0)
    errors = [
        (
            student.euler_sample(lambda x, t: single.gaussian_field(x, t, mean, std), x_0, n)
            - (mean + std * x_0)
        )
        .abs()
        .max()
        for n in (16, 32)
    ]
    is_true(1e-13 < errors[1] < 0.5, f"error {float(errors[1]):.2g}")
    order = math.log2(float(errors[0] / errors[1]))
    is_true(abs(order - 1) < 0.4, f"order {order:.2f}")


@pytest.mark.parametrize("n_steps", [1, 4, 10])
def test_calls(student, draw, n_steps):
    """calls the network once for each step, from t = 0 on, with one time for each sample"""
    watched, x_0 = Watched(Place.of(draw, 3)), draw.normal(5, 3)
    value = student.euler_sample(watched, x_0, n_steps)
    expected = [k / n_steps for k in range(n_steps)]
    is_true(len(watched.calls) == len(expected), f"{len(watched.calls)} calls")
    close(torch.tensor(watched.times()), torch.tensor(expected))
    is_true(all(tuple(x.shape) == (5, 3) for x, _ in watched.calls))
    close(value, oracle.euler_sample(watched.network, x_0, n_steps))


@aspect("graph")
@pytest.mark.parametrize("needs", [False, True], ids=["data", "leaf"])
def test_no_graph(student, draw, needs):
    """records no graph, though the parameters of the network need gradients, or x_0 does"""
    net, ours, _, _ = timed_twins(student, draw, 3)
    x_0 = draw.normal(4, 3).requires_grad_(needs)
    x = student.euler_sample(net, x_0, 3)
    close(x, oracle.euler_sample(ours, x_0, 3))
    is_true(not x.requires_grad, "the result needs gradients")


@aspect("edges")
def test_recording(student, draw):
    """leaves torch's recording of gradients as it was"""
    right_in_general(student, draw)
    for enabled in (True, False):
        program = (
            "lambda torch, sample, x: [(lambda before: [torch.set_grad_enabled(before),"
            " sample(lambda x, t: x, x, 2), torch.is_grad_enabled(),"
            f" torch.set_grad_enabled(True)][2])({enabled})]"
        )
        found = student.new("builtins.eval", program)(
            student.new("importlib.import_module", "torch"), student.euler_sample, draw.normal(3, 2)
        )
        is_true(next(iter(found)) is enabled)


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves the network in its mode"""
    right_in_general(student, draw)
    net, ours, theirs, twin = timed_twins(student, draw, 3, statistics=True)
    theirs.train(training)
    twin.train(training)
    x_0 = draw.normal(6, 3)
    value = student.euler_sample(net, x_0, 2)
    close(value, oracle.euler_sample(ours, x_0, 2))
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("edges")
def test_precision(student, draw):
    """gives the network places and times in the precision of x_0"""
    right_in_general(student, draw)
    for dtype in (torch.float32, torch.float64):
        watched = Watched(Place.of(draw, 3))
        student.euler_sample(watched, draw.normal(4, 3, dtype=dtype), 3)
        watched.times()
        is_true(all(x.dtype == t.dtype == dtype for x, t in watched.calls))


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (5,), (1, 1, 1, 1)], ids=str)
def test_one(student, draw, shape):
    """works for a batch of one, for samples of one number, and without further axes"""
    right_in_general(student, draw)
    agree(student, Place.of(draw, *shape[1:]), draw.normal(*shape), 2)


@aspect("edges")
def test_range(student, draw):
    """lets samples grow as the field has it"""
    right_in_general(student, draw)
    agree(student, lambda x, t: 5 * x, 100 * draw.normal(4, 3), 3)


@aspect("edges")
def test_refusal(student, draw):
    """refuses less than one step with a ValueError"""
    right_in_general(student, draw)
    for n_steps in (0, -3):
        refuses(student.euler_sample, Place.of(draw, 3), draw.normal(4, 3), n_steps)


def calls(draw):
    """Points and images."""
    yield Place.of(draw, 4), draw.normal(5, 4), 3
    yield Place.of(draw, 1, 2, 3), draw.normal(3, 1, 2, 3), 2


globals().update(usual_checks(oracle.euler_sample, calls))
