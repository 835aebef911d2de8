"""Hidden checks: the squared Frechet distance between two Gaussians."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.frechet_distance import oracle

ASPECTS = {"values": 0.55, "gradients": 0.2, "edges": 0.15, "conventions": 0.1}


def covariance(draw, D, rank=None):
    """Random, with its own eigenvectors, so that no two of them commute; singular when rank < D."""
    root = draw.normal(D, rank or 2 * D)
    return root @ root.T / root.shape[1]


def pair(draw, D=4, rank_1=None, rank_2=None):
    return (
        draw.normal(D),
        covariance(draw, D, rank_1),
        draw.normal(D),
        2 * covariance(draw, D, rank_2),
    )


def rotated(draw, *spectra):
    """Covariances that share random eigenvectors, with these eigenvalues."""
    Q = torch.linalg.qr(draw.normal(len(spectra[0]), len(spectra[0]))).Q
    return [(Q * spectrum) @ Q.T for spectrum in spectra]


def distance_of(first, second):
    """Between two Gaussians that share mean and axes, with these variances along them."""
    return (first.sqrt() - second.sqrt()).square().sum()


def ordinary(student, draw):
    """Judge what follows once an ordinary distance is right."""
    inputs = pair(draw)
    once_right(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs))


def test_values(student, draw):
    """is right for covariances that do not commute, whether the means agree or not"""
    for D in (2, 5, 5):
        mean_1, cov_1, mean_2, cov_2 = pair(draw, D)
        for inputs in (
            (mean_1, cov_1, mean_2, cov_2),
            (mean_1, cov_1, mean_1, cov_2),
            (mean_1, cov_1, mean_1, 50 * cov_2),
        ):
            close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs))


def test_aligned(student, draw):
    """is the squared difference of the standard deviations where the covariances share
    their axes, whichever these are
    """
    zero = torch.zeros(4, dtype=torch.float64)
    first, second = 0.1 + 3 * draw.uniform(4), 0.1 + 3 * draw.uniform(4)
    expected = distance_of(first, second)
    close(student.frechet_distance(zero, torch.diag(first), zero, torch.diag(second)), expected)
    cov_1, cov_2 = rotated(draw, first, second)
    close(student.frechet_distance(zero, cov_1, zero, cov_2), expected)


def test_small_eigenvalues(student, draw):
    """counts every eigenvalue, those that are small beside others too"""
    ordinary(student, draw)
    zero = torch.zeros(6, dtype=torch.float64)
    first = torch.tensor([1e-3, 2e-3, 1e-2, 2e-2, 1.0, 2.0], dtype=torch.float64)
    second = first * torch.tensor([4.0, 9.0, 5.0, 2.0, 1.0, 1.0], dtype=torch.float64)
    cov_1, cov_2 = rotated(draw, first, second)
    close(
        student.frechet_distance(zero, cov_1, zero, cov_2),
        distance_of(first, second),
        rtol=1e-2,
    )


@pytest.mark.parametrize("ranks", [(2, None), (None, 2), (3, 2), (1, 1)])
def test_singular(student, draw, ranks):
    """is right for singular covariances, one or both"""
    ordinary(student, draw)
    inputs = pair(draw, 6, *ranks)
    close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), atol=1e-5)


def test_below_zero(student, draw):
    """takes covariances that rounding has left with an eigenvalue a hair below zero"""
    ordinary(student, draw)
    mean_1, _, mean_2, full = pair(draw, 5)
    spectrum = torch.tensor([-1e-10, -1e-11, 0.0, 1.0, 2.0], dtype=torch.float64) + torch.tensor(
        [0.0, 0.0, 0.0, 1.0, 1.0]
    ) * draw.uniform(5)
    (flat,) = rotated(draw, spectrum)
    for inputs in ((mean_1, flat, mean_2, full), (mean_1, full, mean_2, flat)):
        close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), atol=1e-4)


def test_few_samples(student, draw):
    """takes float32 covariances of more features than samples"""
    ordinary(student, draw)
    features_1 = draw.normal(20, 32).float()
    features_2 = (draw.normal(24, 32) * (0.1 + draw.uniform(32))).float()
    inputs = (
        features_1.mean(0),
        torch.cov(features_1.T),
        features_2.mean(0),
        torch.cov(features_2.T),
    )
    # zeros that float32 has rounded: their roots are uncertain by as much, whoever takes them
    close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), rtol=1e-3, atol=1e-2)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to both means and both covariances"""
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    # through factors, because a covariance only moves symmetrically
    same_gradients(
        lambda m_1, A, m_2, B: student.frechet_distance(m_1, A @ A.T, m_2, B @ B.T),
        lambda mean_1, cov_1, mean_2, cov_2: oracle.frechet_distance(
            mean_1, cov_1 @ cov_1.T, mean_2, cov_2 @ cov_2.T
        ),
        *(mean_1, torch.linalg.cholesky(cov_1), mean_2, torch.linalg.cholesky(cov_2)),
    )


@aspect("edges")
def test_equal_means(student, draw):
    """sends finite gradients where the means are equal"""
    ordinary(student, draw)
    mean, cov_1, _, cov_2 = pair(draw, 3)
    same_gradients(
        lambda m_1, A, m_2: student.frechet_distance(m_1, A @ A.T, m_2, cov_2),
        lambda mean_1, cov_1, mean_2: oracle.frechet_distance(
            mean_1, cov_1 @ cov_1.T, mean_2, cov_2
        ),
        *(mean, torch.linalg.cholesky(cov_1), mean),
    )


@aspect("edges")
def test_one_dimension(student, draw):
    """works in one dimension"""
    ordinary(student, draw)
    mean_1, mean_2 = draw.normal(1), draw.normal(1)
    std_1, std_2 = 0.2 + draw.uniform(1, 1), 0.2 + 3 * draw.uniform(1, 1)
    expected = ((mean_1 - mean_2).square() + (std_1 - std_2).square()).sum()
    close(student.frechet_distance(mean_1, std_1.square(), mean_2, std_2.square()), expected)


@aspect("edges")
def test_apart(student, draw):
    """is right for covariances that live in different directions, and for a single point"""
    ordinary(student, draw)
    zero, first, second = (
        torch.zeros(4, dtype=torch.float64),
        1 + draw.uniform(4),
        1 + draw.uniform(4),
    )
    first[2:], second[:2] = 0.0, 0.0
    cov_1, cov_2 = rotated(draw, first, second)
    close(student.frechet_distance(zero, cov_1, zero, cov_2), first.sum() + second.sum(), atol=1e-5)
    close(student.frechet_distance(zero, cov_1, zero, 0 * cov_2), first.sum(), atol=1e-5)


@aspect("edges")
def test_equal(student, draw):
    """is zero and not below for equal Gaussians, singular ones too"""
    ordinary(student, draw)
    for D, rank in 3 * ((3, None), (8, None), (12, None), (12, 3), (5, 1)):
        mean, cov, *_ = pair(draw, D, rank)
        value = student.frechet_distance(mean, cov, mean, cov)
        close(value, torch.zeros(()), atol=1e-5)
        is_true(value >= 0)
    flat = torch.diag(torch.tensor([1.0, 1.0, -1e-9], dtype=torch.float64))
    zero = torch.zeros(3, dtype=torch.float64)
    is_true(student.frechet_distance(zero, flat, zero, flat) >= 0)


@aspect("edges")
@pytest.mark.parametrize("scale", [1e-4, 1e2])
def test_scale(student, draw, scale):
    """grows with the square of the unit of measurement: nothing is added or left out on the way"""
    ordinary(student, draw)
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    inputs = scale * mean_1, scale**2 * cov_1, scale * mean_2, scale**2 * cov_2
    expected = scale**2 * oracle.frechet_distance(mean_1, cov_1, mean_2, cov_2)
    close(student.frechet_distance(*inputs), expected, atol=0.0)


@aspect("conventions")
def test_dtype(student, draw):
    """computes in float64 for float32 too, and returns the precision of its inputs"""
    ordinary(student, draw)
    has_dtype(student.frechet_distance(*pair(draw)), torch.float64)
    # a small difference of large covariances
    mean, spread = draw.normal(16), 30 * covariance(draw, 16) ** 2 + 900 * torch.eye(16).double()
    cov_1 = ((spread + spread.T) / 2).float()
    inputs = mean.float(), cov_1, mean.float() + 0.01, 1.001 * cov_1
    value = student.frechet_distance(*inputs)
    has_dtype(value, torch.float32)
    expected = oracle.frechet_distance(*(tensor.double() for tensor in inputs))
    close(value, expected, rtol=1e-3, atol=0.0)
    # float64 on the way, where float32 would lose the small eigenvalues
    zero, first = torch.zeros(3).double(), torch.tensor([1e-5, 2e-5, 1.0]).double()
    second = first * torch.tensor([4.0, 9.0, 1.0]).double()
    cov_1, cov_2 = rotated(draw, first, second)
    close(
        student.frechet_distance(zero, cov_1, zero, cov_2),
        distance_of(first, second),
        rtol=1e-2,
        atol=0.0,
    )


globals().update(usual_checks(oracle.frechet_distance, pair, without=("dtype",)))
