"""Hidden checks: the exact denoiser of a mixture."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.mixture_denoiser import oracle
from autograder.suites.diffusion.noisy_data import levels

ASPECTS = {"values": 0.65, "gradients": 0.12, "edges": 0.15, "conventions": 0.08}


def mixture(draw, n_parts, size):
    """Components of unequal weights and widths, near enough that several count."""
    weights = draw.uniform(n_parts, low=0.2)
    return (
        weights / weights.sum(),
        draw.normal(n_parts, size),
        draw.uniform(n_parts, low=0.05, high=1.5),
    )


def given(draw, n=6, n_parts=3, size=2):
    return draw.normal(n, size), levels(draw, n), *mixture(draw, n_parts, size)


def agree(student, *args):
    close(student.mixture_denoiser(*args), oracle.mixture_denoiser(*args))


def right_in_general(student, draw):
    args = given(draw)
    once_right(student.mixture_denoiser(*args), oracle.mixture_denoiser(*args))


@pytest.mark.parametrize("n, n_parts, size", [(6, 3, 2), (4, 4, 4), (3, 2, 5), (5, 6, 3)])
def test_values(student, draw, n, n_parts, size):
    """is right for components of unequal weight and width, each sample at its own level"""
    agree(student, *given(draw, n, n_parts, size))


def test_weights(student, draw):
    """counts rare components less than frequent ones"""
    x_t, share, _, means, variances = given(draw, 8)
    agree(student, x_t, share, torch.tensor([0.01, 0.09, 0.9]).double(), means, variances)


def test_widths(student, draw):
    """counts a wide component less than a narrow one where both are near, the more so in many
    dimensions
    """
    x_t, share, weights, _, _ = given(draw, 6, 2, 6)
    means, widths = 0.1 * draw.normal(2, 6), torch.tensor([0.05, 4.0]).double()
    agree(student, x_t, share, weights, means, widths)


def test_points(student, draw):
    """is right where the components are points, without any width"""
    x_t, share, weights, means, variances = given(draw, 6)
    agree(student, x_t, share, weights, means, 0 * variances)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to x_t, also through the shares of the components"""
    x_t, *rest = given(draw, 5)
    same_gradients(
        lambda x_t: student.mixture_denoiser(x_t, *rest),
        lambda x_t: oracle.mixture_denoiser(x_t, *rest),
        x_t,
    )


@aspect("edges", spoils=True)
@pytest.mark.parametrize("distance", [60.0, 1e4])
def test_far(student, draw, distance):
    """is finite and right far from every component, where all densities are 0 in floating point"""
    right_in_general(student, draw)
    x_t, share, weights, means, variances = given(draw)
    x_t = distance * (x_t + x_t.sign())
    agree(student, x_t, share, weights, means, variances)
    agree(student, x_t, share, weights, means, 0 * variances)


@aspect("edges")
def test_little_noise(student, draw):
    """is right with hardly any noise, and with hardly anything else"""
    right_in_general(student, draw)
    x_t, _, weights, means, variances = given(draw, 4)
    share = torch.tensor([1 - 1e-6, 1 - 1e-3, 0.01, 1e-5]).double()
    agree(student, x_t, share, weights, means, variances)
    near = means[[0, 1, 2, 0]] + 1e-4 * x_t
    points = student.mixture_denoiser(near[:2], share[[0, 0]], weights, means, 0 * variances)
    close(points, means[:2])


@aspect("edges")
def test_between_points(student, draw):
    """is right between two points with hardly any noise, where either may be meant"""
    right_in_general(student, draw)
    _, _, weights, means, variances = given(draw, 1, 2)
    share = torch.tensor([1 - 1e-6, 1 - 1e-4, 1 - 1e-3]).double()
    apart, middle = means[0] - means[1], (means[0] + means[1]) / 2
    # log (r_0 / r_1) is that of the weights plus these numbers
    tilt = (1 - share) * torch.tensor([0.9, -0.6, 0.4]).double() / share.sqrt()
    along = (tilt / apart.square().sum())[:, None] * apart
    agree(student, share.sqrt()[:, None] * middle + along, share, weights, means, 0 * variances)


@aspect("edges")
def test_no_weight(student, draw):
    """leaves a component of weight 0 out"""
    right_in_general(student, draw)
    x_t, share, _, means, variances = given(draw)
    weights = torch.tensor([0.4, 0.0, 0.6]).double()
    agree(student, x_t, share, weights, means, variances)
    rest = weights[[0, 2]], means[[0, 2]], variances[[0, 2]]
    close(
        student.mixture_denoiser(x_t, share, weights, means, variances),
        oracle.mixture_denoiser(x_t, share, *rest),
    )


@aspect("edges")
@pytest.mark.parametrize("n, n_parts, size", [(1, 3, 2), (4, 1, 2), (4, 3, 1), (1, 1, 1)])
def test_one(student, draw, n, n_parts, size):
    """works for one sample, one component and one coordinate"""
    right_in_general(student, draw)
    agree(student, *given(draw, n, n_parts, size))


@aspect("edges")
def test_dtype_far(student, draw):
    """is finite and right in float32, too, far away and with little noise"""
    right_in_general(student, draw)
    x_t, share, weights, means, variances = given(draw, 4)
    share = torch.tensor([0.999, 0.5, 0.9, 0.1]).double()
    args = 300 * (x_t + x_t.sign()), share, weights, means, variances
    found = student.mixture_denoiser(*(each.float() for each in args))
    close(found, oracle.mixture_denoiser(*args), rtol=2e-2, atol=1e-2)


globals().update(usual_checks(oracle.mixture_denoiser, lambda draw: given(draw)))
