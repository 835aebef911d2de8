"""Hidden checks: the field that moves noise to one Gaussian."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.gaussian_field import oracle

ASPECTS = {"values": 0.55, "gradients": 0.2, "edges": 0.17, "conventions": 0.08}


def given(draw, n, size):
    return (
        2 * draw.normal(n, size),
        draw.uniform(n, low=0.05, high=0.95),
        2 * draw.normal(size),
        draw.uniform(size, low=0.2, high=3.0),
    )


def agree(student, *call):
    close(student.gaussian_field(*call), oracle.gaussian_field(*call), 1e-5, 1e-7)


def right_in_general(student, draw):
    call = *given(draw, 4, 3), 0.2
    once_right(student.gaussian_field(*call), oracle.gaussian_field(*call))


@pytest.mark.parametrize("sigma_min", [0.0, 0.1, 0.6])
def test_field(student, draw, sigma_min):
    """is the mean velocity at each point and time, with and without sigma_min"""
    agree(student, *given(draw, 6, 3), sigma_min)


def test_square(student, draw):
    """takes times along the batch and means along the components where both are as many"""
    agree(student, *given(draw, 3, 3), 0.1)


def test_flow(student, draw):
    """moves each noise point along the path m t + sqrt(alpha^2 + t^2 s^2) x_0"""
    noise, t, mean, std = given(draw, 5, 2)

    def path(t):
        t = t[:, None]
        return mean * t + ((1 - 0.9 * t) ** 2 + t**2 * std**2).sqrt() * noise

    h = 1e-5
    slope = (path(t + h) - path(t - h)) / (2 * h)
    close(student.gaussian_field(path(t), t, mean, std, 0.1), slope, 1e-4, 1e-5)


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_gradients(student, draw, sigma_min):
    """sends the right gradients to places, times, means and standard deviations"""
    same_gradients(
        lambda x, t, mean, std: student.gaussian_field(x, t, mean, std, sigma_min),
        lambda x, t, mean, std: oracle.gaussian_field(x, t, mean, std, sigma_min),
        *given(draw, 4, 3),
    )


@aspect("edges")
@pytest.mark.parametrize("sigma_min", [0.0, 0.2])
def test_ends(student, draw, sigma_min):
    """is right at t = 0 and t = 1, and close to them"""
    right_in_general(student, draw)
    x, _, mean, std = given(draw, 6, 3)
    times = torch.tensor([0.0, 1.0, 0.0, 1.0, 1e-4, 1 - 1e-4], dtype=torch.float64)
    agree(student, x, times, mean, std, sigma_min)


@aspect("edges")
@pytest.mark.parametrize("size", [1e-3, 1e3])
def test_widths(student, draw, size):
    """is right for data that are much narrower or wider than the noise"""
    right_in_general(student, draw)
    x, _, mean, std = given(draw, 5, 3)
    times = torch.tensor([0.0, 1.0, 0.999, 0.5, 1.0], dtype=torch.float64)
    agree(student, times[:, None] * mean + size * x, times, mean, size * std)


@aspect("edges")
def test_far(student, draw):
    """goes on linearly far away from the data"""
    right_in_general(student, draw)
    x, t, mean, std = given(draw, 5, 3)
    agree(student, 1e4 * x, t, mean, std)
    agree(student, x, t, 1e4 * mean, std, 0)


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    agree(student, *given(draw, n, size), 0.1)


def calls(draw):
    """Without and with sigma_min."""
    yield given(draw, 5, 3)
    yield *given(draw, 4, 2), 0.1


globals().update(usual_checks(oracle.gaussian_field, calls))
