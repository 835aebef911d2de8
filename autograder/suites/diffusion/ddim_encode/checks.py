"""Hidden checks: from an image to its noise."""

import math

import pytest
import torch

from autograder.checks import Watched, aspect, close, is_true, once_right, usual_checks
from autograder.suites.diffusion.ddim_encode import oracle
from autograder.suites.diffusion.ddim_sample import oracle as chain
from autograder.suites.diffusion.noisy_data import ONES, Smooth, exact_noise, schedule

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}

T = 30
STEPS = pytest.mark.parametrize(
    "steps", [(29, 28, 27, 26), (29, 20, 11, 3, 0), (25, 7, 2), (29, 0)], ids=str
)


def given(draw, steps, *shape):
    return Smooth(draw), draw.normal(*shape), torch.tensor(steps), schedule(draw, T)


def agree(student, *args):
    close(student.ddim_encode(*args), oracle.ddim_encode(*args))


def right_in_general(student, draw):
    args = given(draw, (20, 10, 4), 4, 3)
    once_right(student.ddim_encode(*args), oracle.ddim_encode(*args))


@STEPS
def test_values(student, draw, steps):
    """is right for steps next to each other and skipped ones, from clean data up to the first"""
    agree(student, *given(draw, steps, 3, 2))


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4, 4)], ids=str)
def test_axes(student, draw, shape):
    """works for samples with any axes"""
    agree(student, *given(draw, (29, 12, 5), *shape))


def test_calls(student, draw):
    """asks the network once at each step, from the last of the list up to the first, with the step
    that x goes to
    """
    network, x_0, steps, alpha_bar = given(draw, (28, 17, 9, 1), 5, 2)
    watched = Watched(network)
    value = student.ddim_encode(watched, x_0, steps, alpha_bar)
    close(value, oracle.ddim_encode(network, x_0, steps, alpha_bar))
    is_true(len(watched.calls) == 4, f"{len(watched.calls)} calls")
    for (x, t), step in zip(watched.calls, (1, 9, 17, 28), strict=True):
        is_true(tuple(x.shape) == (5, 2), "not on the whole batch")
        is_true(t.dtype == torch.int64 and t.shape == (5,), "t is not (B,) int64")
        is_true(bool((t == step).all()), "asked at another step")
    close(watched.calls[0][0], x_0)


def exact(alpha_bar):
    return lambda x, t: exact_noise(x, alpha_bar[t], 0.3, 0.5)


def test_round_trip(student, draw):
    """comes back to the image through the chain, with an error that halves when the steps do"""
    x_0, errors = draw.normal(6, 2), []
    for n_steps in (40, 80):
        angle = torch.linspace(0, 1, n_steps + 1, dtype=torch.float64)[1:] * math.pi / 2 * 0.97
        alpha_bar = angle.cos().square()
        steps = torch.arange(n_steps - 1, -1, -1)
        x_T = student.ddim_encode(exact(alpha_bar), x_0, steps, alpha_bar)
        back = chain.ddim_sample(exact(alpha_bar), x_T, steps, alpha_bar)
        errors.append(float((back - x_0).abs().max() / (1 + x_0.abs().max())))
    is_true(errors[0] < 0.2 and errors[1] < 0.1, f"errors {errors}")
    is_true(errors[1] < 0.75 * errors[0] + 1e-9, f"errors {errors}")


def test_noise_of_gaussian_data(student, draw):
    """turns Gaussian data into noise of mean 0 and variance 1"""
    angle = torch.linspace(0, 1, 101, dtype=torch.float64)[1:] * math.pi / 2 * 0.99
    alpha_bar = angle.cos().square()
    steps = torch.arange(99, -1, -1)
    # the map is linear: its answers at the mean and one standard deviation beside it
    x_0 = torch.tensor([0.3, 0.3 + math.sqrt(0.5)], dtype=torch.float64)
    found = student.ddim_encode(exact(alpha_bar), x_0, steps, alpha_bar)
    close(found, oracle.ddim_encode(exact(alpha_bar), x_0, steps, alpha_bar))
    close(found, torch.tensor([0.0, 1.0]), atol=0.1)


@aspect("edges")
@pytest.mark.parametrize("step", [0, 12, 29])
def test_single_step(student, draw, step):
    """goes to a level of noise in a single step"""
    right_in_general(student, draw)
    agree(student, *given(draw, (step,), 4, 3))


@aspect("edges")
def test_large(student, draw):
    """clips nothing"""
    right_in_general(student, draw)
    network, x_0, *rest = given(draw, (26, 15, 6), 4, 2)
    agree(student, network, 20 * x_0, *rest)


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, *given(draw, (29, 9, 2), *shape))


globals().update(usual_checks(oracle.ddim_encode, lambda draw: given(draw, (29, 12, 5), 3, 4)))
