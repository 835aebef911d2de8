"""Hidden checks: the exact denoiser of a data set."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_shape,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.diffusion.dataset_denoiser import oracle
from autograder.suites.diffusion.noisy_data import levels

ASPECTS = {"values": 0.6, "gradients": 0.1, "images": 0.1, "edges": 0.12, "conventions": 0.08}


def given(draw, n=4, n_points=6, shape=(3,), low=0.05, high=0.7):
    return draw.normal(n, *shape), levels(draw, n, low, high), draw.normal(n_points, *shape)


def agree(student, *args):
    close(student.dataset_denoiser(*args), oracle.dataset_denoiser(*args))


def right_in_general(student, draw):
    args = given(draw)
    once_right(student.dataset_denoiser(*args), oracle.dataset_denoiser(*args))


@pytest.mark.parametrize(
    "n, n_points, shape",
    [(4, 6, (3,)), (5, 5, (5,)), (3, 8, (2, 3, 2)), (2, 7, (1, 4))],
)
def test_values(student, draw, n, n_points, shape):
    """is the average of the points that the posterior has, each sample at its own level"""
    agree(student, *given(draw, n, n_points, shape))


def test_lengths(student, draw):
    """counts the length of the points, which differs between them"""
    x_t, share, data = given(draw, 5, 6)
    agree(student, x_t, share, data * torch.linspace(0.2, 2, 6).double()[:, None] + 0.5)


def test_finds_the_point(student, draw):
    """returns the point that x_t was made of where there is hardly any noise"""
    data = draw.normal(30, 1, 4, 4)
    share = torch.tensor([1 - 1e-6, 1 - 1e-4, 0.999]).double()
    signal, noise = (c.sqrt()[:, None, None, None] for c in (share, 1 - share))
    x_t = signal * data[[7, 0, 29]] + noise * draw.normal(3, 1, 4, 4)
    close(student.dataset_denoiser(x_t, share, data), data[[7, 0, 29]], atol=1e-5)


def test_mean_of_all(student, draw):
    """returns the mean of all points where there is hardly anything but noise"""
    x_t, _, data = given(draw, 3, 9, (2, 2))
    share = torch.full((3,), 1e-14, dtype=torch.float64)
    close(student.dataset_denoiser(x_t, share, data), data.mean(0).expand(3, 2, 2), atol=1e-5)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to x_t"""
    x_t, share, data = given(draw)
    same_gradients(
        lambda x_t: student.dataset_denoiser(x_t, share, data),
        lambda x_t: oracle.dataset_denoiser(x_t, share, data),
        x_t,
    )


@aspect("images")
def test_many(student, draw):
    """takes as many images as the lab has, in little memory"""
    data = draw.uniform(4000, 1, 16, 16, low=-1, dtype=torch.float32)
    share = levels(draw, 500, 0.02, 0.3).float()
    signal, noise = (c.sqrt()[:, None, None, None] for c in (share, 1 - share))
    x_t = signal * data[:500] + noise * draw.normal(500, 1, 16, 16, dtype=torch.float32)
    found = student.dataset_denoiser(x_t, share, data)
    has_shape(found, 500, 1, 16, 16)
    few = (x_t[:2].double(), share[:2].double(), data.double())
    close(found[:2], oracle.dataset_denoiser(*few), rtol=1e-2, atol=1e-2)


@aspect("edges", spoils=True)
@pytest.mark.parametrize("distance", [1.0, 100.0])
def test_far(student, draw, distance):
    """is finite and right where all densities are 0 in floating point"""
    right_in_general(student, draw)
    x_t, _, data = given(draw, 4, 6, (5,))
    share = torch.tensor([1 - 1e-6, 1 - 1e-3, 0.9, 0.3]).double()
    close(
        student.dataset_denoiser(distance * x_t, share, data),
        oracle.dataset_denoiser(distance * x_t, share, data),
        atol=1e-5,
    )


@aspect("edges")
def test_between_points(student, draw):
    """is right between two points with hardly any noise, where either may be meant"""
    right_in_general(student, draw)
    data = draw.normal(2, 5)
    share = torch.tensor([1 - 1e-6, 1 - 1e-4, 1 - 1e-3]).double()
    apart, middle = data[0] - data[1], (data[0] + data[1]) / 2
    # log (r_0 / r_1) is one of these numbers
    tilt = (1 - share) * torch.tensor([0.9, -0.6, 0.4]).double() / share.sqrt()
    along = (tilt / apart.square().sum())[:, None] * apart
    x_t = share.sqrt()[:, None] * middle + along
    close(student.dataset_denoiser(x_t, share, data), oracle.dataset_denoiser(x_t, share, data))


@aspect("edges")
def test_twins(student, draw):
    """counts a point twice that is in the data twice"""
    right_in_general(student, draw)
    x_t, share, data = given(draw, 4, 3)
    twice = torch.cat([data, data[:1]])
    agree(student, x_t, share, twice)
    same = student.dataset_denoiser(data[:1] * share[:1].sqrt(), 0 * share[:1] + 0.9, twice)
    close(same, oracle.dataset_denoiser(data[:1] * share[:1].sqrt(), 0 * share[:1] + 0.9, twice))


@aspect("edges")
@pytest.mark.parametrize(
    "n, n_points, shape", [(1, 5, (3,)), (4, 1, (2, 2)), (3, 5, (1,)), (1, 1, (1,))]
)
def test_one(student, draw, n, n_points, shape):
    """works for one sample, one point and one number"""
    right_in_general(student, draw)
    agree(student, *given(draw, n, n_points, shape))


globals().update(usual_checks(oracle.dataset_denoiser, lambda draw: given(draw, 4, 5, (2, 3))))
