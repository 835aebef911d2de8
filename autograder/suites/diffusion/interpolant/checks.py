"""Hidden checks: the straight path from noise to data."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.interpolant import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.17, "conventions": 0.08}


def given(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), draw.uniform(shape[0])


def agree(student, *call):
    close(student.interpolant(*call), oracle.interpolant(*call))


def right_in_general(student, draw):
    call = *given(draw, 4, 3), 0.2
    once_right(student.interpolant(*call), oracle.interpolant(*call))


@pytest.mark.parametrize("shape", [(6, 3), (5, 2, 4, 3), (4, 1, 7)], ids=str)
def test_line(student, draw, shape):
    """is on the straight line from noise at t = 0 to data at t = 1, each sample at its own time"""
    agree(student, *given(draw, *shape))


@pytest.mark.parametrize("sigma_min", [0.1, 0.7])
def test_sigma(student, draw, sigma_min):
    """leaves sigma_min of the noise at the end of the path"""
    agree(student, *given(draw, 5, 4), sigma_min)
    agree(student, *given(draw, 5, 1, 3, 2), sigma_min)


@pytest.mark.parametrize("shape", [(4, 4), (3, 3, 3, 3), (4, 2, 4, 4)], ids=str)
def test_axes(student, draw, shape):
    """takes the times along the batch where other axes are as long"""
    agree(student, *given(draw, *shape), 0.05)


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_gradients(student, draw, sigma_min):
    """sends the right gradients to noise, data and times"""
    same_gradients(
        lambda x_0, x_1, t: student.interpolant(x_0, x_1, t, sigma_min),
        lambda x_0, x_1, t: oracle.interpolant(x_0, x_1, t, sigma_min),
        *given(draw, 4, 2, 3),
    )


@aspect("edges")
@pytest.mark.parametrize("sigma_min", [0.0, 0.2, 0.99])
def test_ends(student, draw, sigma_min):
    """is the noise at t = 0, and the data with sigma_min of the noise at t = 1"""
    right_in_general(student, draw)
    x_0, x_1, _ = given(draw, 4, 3)
    times = torch.tensor([0.0, 1.0, 1e-5, 1 - 1e-5], dtype=torch.float64)
    x_t = student.interpolant(x_0, x_1, times, sigma_min)
    close(x_t[0], x_0[0], 1e-6, 1e-8)
    close(x_t[1], x_1[1] + sigma_min * x_0[1], 1e-6, 1e-8)
    close(x_t, oracle.interpolant(x_0, x_1, times, sigma_min), 1e-6, 1e-7)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (1,), (5,), (1, 1, 1, 1), (3, 1)], ids=str)
def test_one(student, draw, shape):
    """works for a batch of one, for samples of one number, and without further axes"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape), 0.1)


@aspect("edges")
def test_range(student, draw):
    """takes numbers of any size as they are"""
    right_in_general(student, draw)
    x_0, x_1, t = given(draw, 4, 3)
    agree(student, 30 * x_0, 1e5 * x_1, t)
    agree(student, 0 * x_0, x_1, t, 0)


def calls(draw):
    """Without and with sigma_min."""
    yield given(draw, 4, 3)
    yield *given(draw, 3, 2, 4), 0.1


globals().update(usual_checks(oracle.interpolant, calls))
