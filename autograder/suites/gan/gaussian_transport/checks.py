"""Hidden checks: the squared Frechet distance between two Gaussians, and the optimal map."""

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    aspect,
    close,
    has_dtype,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.gaussian_transport import oracle

ASPECTS = {"map": 0.4, "values": 0.2, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


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
    """Covariances that share random eigenvectors, with these eigenvalues; and the eigenvectors."""
    Q = torch.linalg.qr(draw.normal(len(spectra[0]), len(spectra[0]))).Q
    return *((Q * spectrum) @ Q.T for spectrum in spectra), Q


def distance_of(first, second):
    """Between two Gaussians that share mean and axes, with these variances along them."""
    return (first.sqrt() - second.sqrt()).square().sum()


def results(student, *inputs):
    found = student.gaussian_transport(*inputs)
    if not isinstance(found, list | tuple) or len(found) != 2:
        raise CheckFailed(
            "not two results", told="two results are asked for, the distance and the matrix"
        )
    return found


def distance(student, *inputs):
    return results(student, *inputs)[0]


def transport(student, *inputs):
    return results(student, *inputs)[1]


def distance_right(student, draw):
    """Judge what follows once an ordinary distance is right."""
    inputs = pair(draw)
    once_right(distance(student, *inputs), oracle.gaussian_transport(*inputs)[0])


def both_right(student, draw):
    """Judge what follows once an ordinary distance and its map are right."""
    inputs = pair(draw)
    once_right(results(student, *inputs), oracle.gaussian_transport(*inputs))


def test_values(student, draw):
    """is right about the distance for covariances that do not commute, whether the means agree or
    not
    """
    for D in (2, 5, 5):
        mean_1, cov_1, mean_2, cov_2 = pair(draw, D)
        for inputs in (
            (mean_1, cov_1, mean_2, cov_2),
            (mean_1, cov_1, mean_1, cov_2),
            (mean_1, cov_1, mean_1, 50 * cov_2),
        ):
            close(distance(student, *inputs), oracle.gaussian_transport(*inputs)[0])


def test_aligned_values(student, draw):
    """has for a distance the squared difference of the standard deviations where the covariances
    share their axes, whichever these are
    """
    zero = torch.zeros(4, dtype=torch.float64)
    first, second = 0.1 + 3 * draw.uniform(4), 0.1 + 3 * draw.uniform(4)
    expected = distance_of(first, second)
    close(distance(student, zero, torch.diag(first), zero, torch.diag(second)), expected)
    cov_1, cov_2, _ = rotated(draw, first, second)
    close(distance(student, zero, cov_1, zero, cov_2), expected)


def test_small_eigenvalues(student, draw):
    """counts every eigenvalue in the distance, those that are small beside others too"""
    distance_right(student, draw)
    zero = torch.zeros(6, dtype=torch.float64)
    first = torch.tensor([1e-3, 2e-3, 1e-2, 2e-2, 1.0, 2.0], dtype=torch.float64)
    second = first * torch.tensor([4.0, 9.0, 5.0, 2.0, 1.0, 1.0], dtype=torch.float64)
    cov_1, cov_2, _ = rotated(draw, first, second)
    close(distance(student, zero, cov_1, zero, cov_2), distance_of(first, second), rtol=1e-2)


@pytest.mark.parametrize("ranks", [(2, None), (None, 2), (3, 2), (1, 1)])
def test_singular(student, draw, ranks):
    """is right about the distance for singular covariances, one or both"""
    distance_right(student, draw)
    inputs = pair(draw, 6, *ranks)
    close(distance(student, *inputs), oracle.gaussian_transport(*inputs)[0], atol=1e-5)


def test_below_zero(student, draw):
    """finds the distance of covariances that rounding has left with an eigenvalue a hair below
    zero
    """
    distance_right(student, draw)
    mean_1, _, mean_2, full = pair(draw, 5)
    spectrum = torch.tensor([-1e-10, -1e-11, 0.0, 1.0, 2.0], dtype=torch.float64) + torch.tensor(
        [0.0, 0.0, 0.0, 1.0, 1.0]
    ) * draw.uniform(5)
    flat, _ = rotated(draw, spectrum)
    for inputs in ((mean_1, flat, mean_2, full), (mean_1, full, mean_2, flat)):
        close(distance(student, *inputs), oracle.gaussian_transport(*inputs)[0], atol=1e-4)


def test_few_samples(student, draw):
    """finds the distance of float32 covariances of more features than samples"""
    distance_right(student, draw)
    features_1 = draw.normal(20, 32).float()
    features_2 = (draw.normal(24, 32) * (0.1 + draw.uniform(32))).float()
    inputs = (
        features_1.mean(0),
        torch.cov(features_1.T),
        features_2.mean(0),
        torch.cov(features_2.T),
    )
    # zeros that float32 has rounded: their roots are uncertain by as much, whoever takes them
    expected = oracle.gaussian_transport(*inputs)[0]
    close(distance(student, *inputs), expected, rtol=1e-3, atol=1e-2)


@aspect("map")
def test_map(student, draw):
    """gives the matrix of the optimal map for covariances that do not commute, in few and in many
    dimensions
    """
    for D in (2, 3, 5, 12):
        inputs = pair(draw, D)
        close(transport(student, *inputs), oracle.gaussian_transport(*inputs)[1])


@aspect("map")
def test_carries(student, draw):
    """has a symmetric and positive definite T with T C_1 T = C_2"""
    for D in (2, 4, 7):
        _, cov_1, _, cov_2 = inputs = pair(draw, D)
        T = transport(student, *inputs)
        close(T @ cov_1 @ T, cov_2)
        close(T, T.T)
        is_true(torch.linalg.eigvalsh(T).min() > 0, "not positive definite")


@aspect("map")
def test_aligned_map(student, draw):
    """stretches by the ratio of the standard deviations where the covariances share their axes,
    whichever these are and wherever the means are
    """
    first, second = 0.1 + 3 * draw.uniform(4), 0.1 + 3 * draw.uniform(4)
    *covs, Q = rotated(draw, first, second)
    ratio = (second / first).sqrt()
    for mean_1, mean_2 in ((torch.zeros(4).double(),) * 2, (draw.normal(4), 10 * draw.normal(4))):
        diagonals = torch.diag(first), torch.diag(second)
        close(transport(student, mean_1, diagonals[0], mean_2, diagonals[1]), torch.diag(ratio))
        close(transport(student, mean_1, covs[0], mean_2, covs[1]), (Q * ratio) @ Q.T)


@aspect("map")
def test_map_of_small_eigenvalues(student, draw):
    """has a map that is right along axes with little variance too, in either Gaussian"""
    both_right(student, draw)
    spectrum = torch.tensor([1e-4, 2e-3, 1e-2, 2e-2, 1.0, 2.0], dtype=torch.float64)
    spectrum = spectrum * (1 + draw.uniform(6))
    thin, _ = rotated(draw, spectrum)
    mean_1, full, mean_2, _ = pair(draw, 6)
    for inputs in ((mean_1, thin, mean_2, full), (mean_1, full, mean_2, thin)):
        T, expected = transport(student, *inputs), oracle.gaussian_transport(*inputs)[1]
        close(T, expected, rtol=1e-2, atol=1e-2 * float(expected.abs().max()))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients from the distance to both means and both covariances"""
    through_factors(distance, 0, student, *pair(draw, 3))


@aspect("gradients")
def test_map_gradients(student, draw):
    """sends the right gradients from the matrix to both covariances"""
    through_factors(transport, 1, student, *pair(draw, 3))


def through_factors(part, index, student, mean_1, cov_1, mean_2, cov_2):
    """Compare gradients, through factors because a covariance only moves symmetrically."""
    same_gradients(
        lambda m_1, A, m_2, B: part(student, m_1, A @ A.T, m_2, B @ B.T),
        lambda mean_1, cov_1, mean_2, cov_2: oracle.gaussian_transport(
            mean_1, cov_1 @ cov_1.T, mean_2, cov_2 @ cov_2.T
        )[index],
        *(mean_1, torch.linalg.cholesky(cov_1), mean_2, torch.linalg.cholesky(cov_2)),
    )


@aspect("edges")
def test_equal_means(student, draw):
    """sends finite gradients from the distance where the means are equal"""
    both_right(student, draw)
    mean, cov_1, _, cov_2 = pair(draw, 3)
    through_factors(distance, 0, student, mean, cov_1, mean, cov_2)


@aspect("edges")
def test_one_dimension(student, draw):
    """works in one dimension"""
    both_right(student, draw)
    mean_1, mean_2 = draw.normal(1), draw.normal(1)
    std_1, std_2 = 0.2 + draw.uniform(1, 1), 0.2 + 3 * draw.uniform(1, 1)
    expected = ((mean_1 - mean_2).square() + (std_1 - std_2).square()).sum()
    found = results(student, mean_1, std_1.square(), mean_2, std_2.square())
    close(found, (expected, std_2 / std_1), rtol=1e-6)


@aspect("edges")
def test_singular_target(student, draw):
    """gives the matrix, singular itself, where only the second covariance is singular"""
    both_right(student, draw)
    for D, rank in ((4, 2), (6, 5), (3, 1)):
        inputs = pair(draw, D, None, rank)
        close(transport(student, *inputs), oracle.gaussian_transport(*inputs)[1], atol=1e-5)
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    close(transport(student, mean_1, cov_1, mean_2, 0 * cov_2), 0 * cov_2, atol=1e-5)
    below = torch.tensor([-1e-13, 1.0, 2.0], dtype=torch.float64)
    inputs = mean_1, cov_1, mean_2, rotated(draw, below)[0]
    close(transport(student, *inputs), oracle.gaussian_transport(*inputs)[1], atol=1e-4)


@aspect("edges")
def test_apart(student, draw):
    """is right about the distance for covariances that live in different directions, and for a
    single point
    """
    both_right(student, draw)
    zero, first, second = (
        torch.zeros(4, dtype=torch.float64),
        1 + draw.uniform(4),
        1 + draw.uniform(4),
    )
    first[2:], second[:2] = 0.0, 0.0
    cov_1, cov_2, _ = rotated(draw, first, second)
    close(distance(student, zero, cov_1, zero, cov_2), first.sum() + second.sum(), atol=1e-5)
    close(distance(student, zero, cov_1, zero, 0 * cov_2), first.sum(), atol=1e-5)
    close(distance(student, zero, 0 * cov_1, zero, cov_2), second.sum(), atol=1e-5)


@aspect("edges")
def test_equal(student, draw):
    """has a distance of zero and not below for equal Gaussians, singular ones too, and the identity
    for a map between equal ones that are not singular
    """
    both_right(student, draw)
    for D, rank in 3 * ((3, None), (8, None), (12, None), (12, 3), (5, 1)):
        mean, cov, *_ = pair(draw, D, rank)
        value, T = results(student, mean, cov, mean, cov)
        close(value, torch.zeros(()), atol=1e-5)
        is_true(value >= 0)
        if rank is None:
            close(T, torch.eye(D, dtype=torch.float64), rtol=1e-6)
    flat = torch.diag(torch.tensor([1.0, 1.0, -1e-9], dtype=torch.float64))
    zero = torch.zeros(3, dtype=torch.float64)
    is_true(distance(student, zero, flat, zero, flat) >= 0)


@aspect("edges")
@pytest.mark.parametrize("scale", [1e-4, 1e2])
def test_scale(student, draw, scale):
    """grows with the square of the unit of measurement, and T not at all: nothing is added or left
    out on the way
    """
    both_right(student, draw)
    mean_1, cov_1, mean_2, cov_2 = pair(draw, 3)
    value, T = oracle.gaussian_transport(mean_1, cov_1, mean_2, cov_2)
    inputs = scale * mean_1, scale**2 * cov_1, scale * mean_2, scale**2 * cov_2
    close(results(student, *inputs), (scale**2 * value, T), rtol=1e-6, atol=0.0)
    inputs = mean_1, cov_1, mean_2, scale**2 * cov_2
    close(transport(student, *inputs), scale * T, rtol=1e-6, atol=0.0)


@aspect("conventions")
def test_float64_inside(student, draw):
    """computes in float64 for float32 too, and returns both results in the precision of its
    inputs
    """
    both_right(student, draw)
    # a small difference of large covariances
    mean, spread = draw.normal(16), 30 * covariance(draw, 16) ** 2 + 900 * torch.eye(16).double()
    cov_1 = ((spread + spread.T) / 2).float()
    inputs = mean.float(), cov_1, mean.float() + 0.01, 1.001 * cov_1
    # axes of little variance, which the map divides by
    thin = rotated(draw, torch.tensor([1e-5, 2e-5, 1.0, 2.0], dtype=torch.float64))[0]
    mean_1, _, mean_2, full = (each.float() for each in pair(draw))
    for given in (inputs, (mean_1, thin.float(), mean_2, full)):
        expected = oracle.gaussian_transport(*(tensor.double() for tensor in given))
        found = results(student, *given)
        for value, theirs in zip(found, expected, strict=True):
            has_dtype(value, torch.float32)
            close(value, theirs, rtol=1e-3, atol=1e-5 * float(theirs.abs().max()))


globals().update(usual_checks(oracle.gaussian_transport, pair))
