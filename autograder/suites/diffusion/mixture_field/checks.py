"""Hidden checks: the field that moves noise to a mixture."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.gaussian_field import oracle as single
from autograder.suites.diffusion.mixture_field import oracle
from autograder.suites.diffusion.probability_paths import path_mixture

ASPECTS = {"values": 0.5, "gradients": 0.2, "edges": 0.22, "conventions": 0.08}


def agree(student, *call):
    close(student.mixture_field(*call), oracle.mixture_field(*call), 1e-5, 1e-7)


def right_in_general(student, draw):
    call = *path_mixture(draw, 5, 3, 3), 0.2
    once_right(student.mixture_field(*call), oracle.mixture_field(*call))


@pytest.mark.parametrize("sigma_min", [0.0, 0.1, 0.6])
def test_field(student, draw, sigma_min):
    """is the mean velocity at each point and time, with and without sigma_min"""
    agree(student, *path_mixture(draw, 8, 2, 3), sigma_min)


def test_dimensions(student, draw):
    """weighs wide and narrow components rightly in many dimensions"""
    agree(student, *path_mixture(draw, 6, 7, 4))


def test_square(student, draw):
    """takes each argument along its own axis where all are as many"""
    agree(student, *path_mixture(draw, 3, 3, 3), 0.1)


def test_single(student, draw):
    """is the field of one Gaussian for one component, and for two that are equal"""
    x, t, _, means, stds = path_mixture(draw, 5, 3, 1)
    expected = single.gaussian_field(x, t, means[0], stds.expand(3))
    one = torch.ones(1, dtype=torch.float64)
    close(student.mixture_field(x, t, one, means, stds), expected)
    weights = torch.tensor([0.3, 0.7], dtype=torch.float64)
    close(
        student.mixture_field(x, t, weights, means.repeat(2, 1), stds.repeat(2)),
        expected,
    )


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_gradients(student, draw, sigma_min):
    """sends the right gradients to places, times, weights, means and standard deviations"""

    def normalised(field):
        # weights that stay a distribution: what lies off it, a formula may take as it likes
        return lambda x, t, weights, means, stds: field(
            x, t, weights / weights.sum(), means, stds, sigma_min
        )

    same_gradients(
        normalised(student.mixture_field),
        normalised(oracle.mixture_field),
        *path_mixture(draw, 4, 2, 3),
    )


@aspect("edges")
@pytest.mark.parametrize("sigma_min", [0.0, 0.2])
def test_ends(student, draw, sigma_min):
    """is right at t = 0 and t = 1, and close to them"""
    right_in_general(student, draw)
    x, _, *mixture = path_mixture(draw, 6, 3, 3)
    times = torch.tensor([0.0, 1.0, 0.0, 1.0, 1e-4, 1 - 1e-4], dtype=torch.float64)
    agree(student, x, times, *mixture, sigma_min)


@aspect("edges")
def test_narrow(student, draw):
    """sorts points near t = 1 by components that are as narrow as a thousandth"""
    right_in_general(student, draw)
    _, _, weights, means, stds = path_mixture(draw, 6, 3, 3)
    stds, part = 1e-3 * stds, torch.tensor([0, 1, 2, 0, 1, 2])
    times = torch.tensor([1.0, 1.0, 1.0, 0.999, 0.99, 0.9], dtype=torch.float64)
    spread = ((1 - times) ** 2 + (times * stds[part]) ** 2).sqrt()
    x = times[:, None] * means[part] + spread[:, None] * draw.normal(6, 3)
    agree(student, x, times, weights, means, stds)


@aspect("edges")
@pytest.mark.parametrize("reach", [100.0, 1e4])
def test_far(student, draw, reach):
    """is finite and right far away from all components"""
    right_in_general(student, draw)
    x, t, *mixture = path_mixture(draw, 6, 2, 3)
    t[:2] = 1.0
    agree(student, reach * x, t, *mixture)
    agree(student, x, t, mixture[0], reach * mixture[1], mixture[2])


@aspect("edges")
def test_offset(student, draw):
    """moves with the data: keeps its precision for many points at a large distance from zero"""
    right_in_general(student, draw)
    x, t, weights, means, stds = path_mixture(draw, 30, 2, 30)
    t = torch.where(t < 0.5, 0.25, 0.5).double()  # times and offset have few binary digits
    far = 2.0**24
    moved = student.mixture_field(x + far * t[:, None], t, weights, means + far, stds)
    close(moved - far, oracle.mixture_field(x, t, weights, means, stds), 1e-5, 1e-5)


@aspect("edges")
def test_rare(student, draw):
    """takes weights as small as 1e-30"""
    right_in_general(student, draw)
    weights = torch.tensor([1e-30, 1 - 1e-30], dtype=torch.float64)
    means = torch.tensor([[9.0, 0.0], [-9.0, 0.0]], dtype=torch.float64)
    # at t = 1/2 both are equally likely where the first component is log(1e30) / 18 = 3.84
    stds, half = torch.ones(2).double(), torch.full((5,), 0.5).double()
    x = torch.tensor([[3.0, 0.1], [3.7, 0.0], [3.84, 1.0], [4.0, 0.0], [6.0, 2.0]]).double()
    agree(student, x, half, weights, means, stds)


@aspect("edges")
@pytest.mark.parametrize("n, size, n_parts", [(1, 3, 2), (4, 1, 2), (4, 2, 1), (1, 1, 1)])
def test_one(student, draw, n, size, n_parts):
    """works for one point, one dimension and one component"""
    right_in_general(student, draw)
    agree(student, *path_mixture(draw, n, size, n_parts), 0.1)


def calls(draw):
    """Without and with sigma_min."""
    yield path_mixture(draw, 5, 2, 3)
    yield *path_mixture(draw, 4, 3, 2), 0.1


globals().update(usual_checks(oracle.mixture_field, calls))
