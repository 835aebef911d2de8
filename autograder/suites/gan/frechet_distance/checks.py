"""Hidden checks: the squared Frechet distance between two Gaussians."""

import pytest
import torch

from autograder.checks import close, has_dtype, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.frechet_distance import oracle


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


@weight(3)
def test_values(student, draw):
    """is right for covariances that do not commute"""
    for D in (2, 5):
        inputs = pair(draw, D)
        close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs))


@weight(2)
def test_shapes_only(student, draw):
    """is right when the means agree and neither covariance is diagonal"""
    mean, cov_1, _, cov_2 = pair(draw, 3)
    close(
        student.frechet_distance(mean, cov_1, mean, cov_2),
        oracle.frechet_distance(mean, cov_1, mean, cov_2),
    )
    close(
        student.frechet_distance(mean, cov_1, mean, 50 * cov_2),
        oracle.frechet_distance(mean, cov_1, mean, 50 * cov_2),
    )


@weight(2)
def test_aligned(student, draw):
    """is the squared difference of the standard deviations where the covariances share
    their axes
    """
    zero, first, second = (
        torch.zeros(4, dtype=torch.float64),
        0.1 + 3 * draw.uniform(4),
        0.1 + 3 * draw.uniform(4),
    )
    expected = (first.sqrt() - second.sqrt()).square().sum()
    close(student.frechet_distance(zero, torch.diag(first), zero, torch.diag(second)), expected)
    cov_1, cov_2 = rotated(draw, first, second)
    close(student.frechet_distance(zero, cov_1, zero, cov_2), expected)


def test_means(student, draw):
    """is the squared distance of the means where the covariances agree"""
    mean_1, cov, mean_2, _ = pair(draw)
    close(
        student.frechet_distance(mean_1, cov, mean_2, cov),
        (mean_1 - mean_2).square().sum(),
        atol=1e-5,
    )


def test_one_dimension(student, draw):
    """works in one dimension"""
    mean_1, mean_2, std_1, std_2 = (
        draw.normal(1),
        draw.normal(1),
        0.2 + draw.uniform(1, 1),
        0.2 + 3 * draw.uniform(1, 1),
    )
    expected = ((mean_1 - mean_2).square() + (std_1 - std_2).square()).sum()
    close(student.frechet_distance(mean_1, std_1.square(), mean_2, std_2.square()), expected)


def test_symmetric(student, draw):
    """is the same in both directions"""
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 5, rank_2=4)
    expected = oracle.frechet_distance(mean_1, cov_1, mean_2, cov_2)
    close(student.frechet_distance(mean_2, cov_2, mean_1, cov_1), expected, atol=1e-5)
    close(student.frechet_distance(mean_1, cov_1, mean_2, cov_2), expected, atol=1e-5)


@weight(2)
@pytest.mark.parametrize("ranks", [(2, None), (None, 2), (3, 2), (1, 1)])
def test_singular(student, draw, ranks):
    """is right for singular covariances, one or both"""
    inputs = pair(draw, 6, *ranks)
    close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), atol=1e-5)


def test_apart(student, draw):
    """is right for covariances that live in different directions, and for a single point"""
    zero, first, second = (
        torch.zeros(4, dtype=torch.float64),
        1 + draw.uniform(4),
        1 + draw.uniform(4),
    )
    first[2:], second[:2] = 0.0, 0.0
    cov_1, cov_2 = rotated(draw, first, second)
    close(student.frechet_distance(zero, cov_1, zero, cov_2), first.sum() + second.sum(), atol=1e-5)
    close(student.frechet_distance(zero, cov_1, zero, 0 * cov_2), first.sum(), atol=1e-5)


@weight(2)
def test_below_zero(student, draw):
    """takes covariances that rounding has left with an eigenvalue a hair below zero"""
    mean_1, _, mean_2, full = pair(draw, 5)
    spectrum = torch.tensor([-1e-10, -1e-11, 0.0, 1.0, 2.0], dtype=torch.float64) + torch.tensor(
        [0.0, 0.0, 0.0, 1.0, 1.0]
    ) * draw.uniform(5)
    (flat,) = rotated(draw, spectrum)
    for inputs in ((mean_1, flat, mean_2, full), (mean_1, full, mean_2, flat)):
        close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), atol=1e-4)


def test_equal(student, draw):
    """is zero and not below for equal Gaussians, singular ones too"""
    for D, rank in ((3, None), (8, None), (12, 3), (5, 1)):
        mean, cov, *_ = pair(draw, D, rank)
        value = student.frechet_distance(mean, cov, mean, cov)
        close(value, torch.zeros(()), atol=1e-5)
        is_true(value >= 0)
    flat = torch.diag(torch.tensor([1.0, 1.0, -1e-9], dtype=torch.float64))
    zero = torch.zeros(3, dtype=torch.float64)
    is_true(student.frechet_distance(zero, flat, zero, flat) >= 0)


@weight(2)
def test_single_precision(student, draw):
    """keeps a small difference of large float32 covariances, as float64 does"""
    mean, spread = (
        draw.normal(16),
        30 * covariance(draw, 16) ** 2 + 900 * torch.eye(16, dtype=torch.float64),
    )
    cov_1 = ((spread + spread.T) / 2).float()
    inputs = mean.float(), cov_1, mean.float() + 0.01, 1.001 * cov_1
    value = student.frechet_distance(*inputs)
    has_dtype(value, torch.float32)
    close(
        value, oracle.frechet_distance(*(tensor.double() for tensor in inputs)), rtol=1e-3, atol=0.0
    )


def test_few_samples(student, draw):
    """takes float32 covariances of more features than samples"""
    features_1, features_2 = (
        draw.normal(20, 32).float(),
        (draw.normal(24, 32) * (0.1 + draw.uniform(32))).float(),
    )
    inputs = (
        features_1.mean(0),
        torch.cov(features_1.T),
        features_2.mean(0),
        torch.cov(features_2.T),
    )
    # zeros that float32 has rounded: their roots are uncertain by as much, whoever takes them
    close(student.frechet_distance(*inputs), oracle.frechet_distance(*inputs), rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("scale", [1e-2, 1e2])
def test_scale(student, draw, scale):
    """grows with the square of the unit of measurement"""
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    expected = scale**2 * oracle.frechet_distance(mean_1, cov_1, mean_2, cov_2)
    close(
        student.frechet_distance(
            scale * mean_1, scale**2 * cov_1, scale * mean_2, scale**2 * cov_2
        ),
        expected,
        atol=1e-10,
    )


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both means and both covariances"""
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    # through factors, because a covariance only moves symmetrically
    same_gradients(
        lambda m_1, A, m_2, B: student.frechet_distance(m_1, A @ A.T, m_2, B @ B.T),
        lambda m_1, A, m_2, B: oracle.frechet_distance(m_1, A @ A.T, m_2, B @ B.T),
        *(mean_1, torch.linalg.cholesky(cov_1), mean_2, torch.linalg.cholesky(cov_2)),
    )


globals().update(usual_checks(oracle.frechet_distance, pair, without=("dtype",)))
