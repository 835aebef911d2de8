"""Hidden checks: the exact denoiser of Gaussian data."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.gaussian_denoiser import oracle
from autograder.suites.diffusion.noisy_data import levels

ASPECTS = {"values": 0.65, "gradients": 0.12, "edges": 0.15, "conventions": 0.08}


def covariance(draw, size, rank):
    root = draw.normal(size, rank)
    return root @ root.T / rank


def given(draw, n, size, rank=None):
    return (
        2 * draw.normal(n, size),
        levels(draw, n),
        2 * draw.normal(size),
        covariance(draw, size, rank or size + 2),
    )


def agree(student, *args):
    close(student.gaussian_denoiser(*args), oracle.gaussian_denoiser(*args))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    once_right(student.gaussian_denoiser(*args), oracle.gaussian_denoiser(*args))


@pytest.mark.parametrize("n, size", [(5, 3), (4, 4), (3, 6), (2, 2)])
def test_values(student, draw, n, size):
    """is right for data with a mean and correlated coordinates, each sample at its own level"""
    agree(student, *given(draw, n, size))


def test_best(student, draw):
    """has the smallest mean squared error of all linear estimates of the data"""
    size, n = 3, 4000
    cov, mean = covariance(draw, size, 5), draw.normal(size)
    root = torch.linalg.cholesky(cov + 1e-9 * torch.eye(size))
    x_0 = mean + draw.normal(n, size) @ root.T
    share = torch.full((n,), 0.5, dtype=torch.float64)
    x_t = 0.5**0.5 * (x_0 + draw.normal(n, size))
    found = student.gaussian_denoiser(x_t, share, mean, cov)
    once_right(found[:50], oracle.gaussian_denoiser(x_t[:50], share[:50], mean, cov))
    design = torch.cat([x_t, torch.ones(n, 1)], 1)
    fitted = design @ torch.linalg.lstsq(design, x_0).solution
    off, least = ((each - x_0).square().mean() for each in (found, fitted))
    close(off / least, torch.tensor(1.0), rtol=0.05)


@pytest.mark.parametrize("rank", [1, 2])
def test_singular(student, draw, rank):
    """is right for data on a line or a plane, whose covariance is singular"""
    x_t, share, mean, cov = given(draw, 5, 4, rank)
    agree(student, x_t, share, mean, cov)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to x_t"""
    x_t, *rest = given(draw, 4, 3)
    same_gradients(
        lambda x_t: student.gaussian_denoiser(x_t, *rest),
        lambda x_t: oracle.gaussian_denoiser(x_t, *rest),
        x_t,
    )


@aspect("edges")
def test_no_variance(student, draw):
    """returns the mean where the data are a single point"""
    right_in_general(student, draw)
    x_t, share, mean, cov = given(draw, 4, 3)
    close(student.gaussian_denoiser(x_t, share, mean, 0 * cov), mean.expand(4, 3))


@aspect("edges")
def test_levels(student, draw):
    """is right with hardly any noise, with hardly anything else, and with one level for all"""
    right_in_general(student, draw)
    x_t, share, mean, cov = given(draw, 4, 3)
    agree(student, x_t, torch.tensor([1 - 1e-5, 1e-6, 0.999, 0.01]).double(), mean, cov)
    agree(student, x_t, 0 * share + share[0], mean, cov)


@aspect("edges")
def test_far(student, draw):
    """is linear: nothing is clipped"""
    right_in_general(student, draw)
    x_t, share, mean, cov = given(draw, 4, 3)
    agree(student, 100 * x_t, share, 50 * mean, 30 * cov)


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one coordinate"""
    right_in_general(student, draw)
    agree(student, *given(draw, n, size))


globals().update(usual_checks(oracle.gaussian_denoiser, lambda draw: given(draw, 5, 4)))
