"""Hidden checks: the inverse of the monotone rational-quadratic spline."""

import math

import pytest
import torch

from autograder.checks import aspect, close, is_true, once_right, same_gradients, usual_checks
from autograder.suites.flows.beyond_flows import Spline, spline_inputs
from autograder.suites.flows.spline_inverse import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.17, "conventions": 0.08}


def agree(student, *given):
    close(student.spline_inverse(*given), oracle.spline_inverse(*given))


def right_in_general(student, draw):
    given = spline_inputs(draw, 6)
    once_right(student.spline_inverse(*given), oracle.spline_inverse(*given))


def repeated(n, *parameters):
    """The same spline for each of n numbers."""
    return [each.expand(n, -1) for each in parameters]


@pytest.mark.parametrize("shape", [(9,), (5, 3), (4, 4), (2, 3, 2)])
@pytest.mark.parametrize("n_bins", [2, 3, 5])
def test_inside(student, draw, shape, n_bins):
    """finds the x of each number, for inputs of any shape and numbers of bins"""
    agree(student, *spline_inputs(draw, *shape, n_bins=n_bins))


@pytest.mark.parametrize(
    "bound, min_size, min_derivative", [(1.0, 0.1, 0.5), (7.5, 1e-3, 0.2), (3.0, 0.15, 1e-3)]
)
def test_options(student, draw, bound, min_size, min_derivative):
    """goes by the bound, the smallest size of a bin and the smallest slope that it is given"""
    y, *parameters = spline_inputs(draw, 12)
    agree(student, y * bound / 3, *parameters, bound, min_size, min_derivative)


def test_outside(student, draw):
    """is the identity outside of the interval, just beyond its ends and far away"""
    y = torch.tensor([-3.001, 3.001, -4.0, 5.0, -100.0, 1e4, 1.0], dtype=torch.float64)
    _, *parameters = spline_inputs(draw, 7)
    x = student.spline_inverse(y, *parameters)
    close(x, oracle.spline_inverse(y, *parameters))
    close(x[:6], y[:6])


def test_ends(student, draw):
    """leaves both ends where they are, and what lies close to them close to them"""
    y = torch.tensor([-3.0, 3.0, -3 + 1e-9, 3 - 1e-9, -3 - 1e-9, 3 + 1e-9], dtype=torch.float64)
    close(student.spline_inverse(y, *spline_inputs(draw, 6)[1:]), y)
    agree(student, *spline_inputs(draw, 5))


def test_knots(student, draw):
    """leads from the heights of the knots to the knots"""
    _, *parameters = (each[0] for each in spline_inputs(draw, 1, n_bins=6))
    spline = Spline.of(*parameters, 3.0, 1e-3, 1e-3)
    close(student.spline_inverse(spline.y, *repeated(7, *parameters)), spline.x)


def test_grid(student, draw):
    """is the inverse of the spline on a fine grid, all bins included"""
    _, *parameters = (each[0] for each in spline_inputs(draw, 1, n_bins=5))
    spline = Spline.of(*parameters, 3.0, 1e-3, 1e-3)
    x = torch.linspace(-3.5, 3.5, 211, dtype=torch.float64)
    y = torch.stack([spline(number) for number in x])
    found = student.spline_inverse(y, *repeated(211, *parameters))
    is_true((found.diff() > 0).all(), "not increasing")
    close(found, x)


@aspect("gradients")
@pytest.mark.parametrize("n_bins", [2, 5])
def test_gradients(student, draw, n_bins):
    """sends the right gradients to y and to all parameters"""
    y, *parameters = spline_inputs(draw, 4, 2, n_bins=n_bins)
    same_gradients(student.spline_inverse, oracle.spline_inverse, y, *parameters)


@aspect("gradients")
@pytest.mark.parametrize("far", [3.5, 40.0, 1e6, 1e200])
def test_gradients_outside(student, draw, far):
    """sends finite gradients where some of the numbers lie outside: none to their parameters"""
    y, *parameters = spline_inputs(draw, 6)
    y = torch.where(torch.arange(6) < 4, y.sign() * far, y)
    same_gradients(student.spline_inverse, oracle.spline_inverse, y, *parameters)


def straight(n, n_bins=6):
    """The parameters of n straight splines."""
    zeros, one = torch.zeros(n, n_bins).double(), math.log(math.expm1(1 - 1e-3))
    return zeros, zeros, torch.full((n, n_bins - 1), one).double()


@aspect("gradients")
@pytest.mark.parametrize("bend", [0.0, 1e-9, 1e-5])
def test_straight(student, draw, bend):
    """is right where the spline is straight, or nearly, with its gradients: there a = 0"""
    y, other = draw.uniform(9, low=-2.9, high=2.9), spline_inputs(draw, 9, n_bins=6)
    parameters = [each + bend * more for each, more in zip(straight(9), other[1:], strict=True)]
    right_in_general(student, draw)
    close(student.spline_inverse(y, *parameters), oracle.spline_inverse(y, *parameters))
    same_gradients(student.spline_inverse, oracle.spline_inverse, y, *parameters)


@aspect("edges")
def test_one_bin(student, draw):
    """is the identity for a single bin"""
    right_in_general(student, draw)
    y, sizes = draw.uniform(6, low=-4, high=4), draw.normal(6, 1)
    close(student.spline_inverse(y, sizes, draw.normal(6, 1), sizes.new_zeros(6, 0)), y)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1,), (1, 1), ()])
def test_one_number(student, draw, shape):
    """works for one number, with an axis or without"""
    right_in_general(student, draw)
    agree(student, *spline_inputs(draw, *shape))


@aspect("edges")
@pytest.mark.parametrize("size", [60.0, 800.0])
def test_large_parameters(student, draw, size):
    """takes parameters of any size: bins of the smallest size, and slopes as small and as steep as
    they get
    """
    right_in_general(student, draw)
    y, *parameters = spline_inputs(draw, 8)
    for number in range(3):
        given = [size * each.sign() if i == number else each for i, each in enumerate(parameters)]
        agree(student, y, *given)


@aspect("edges")
def test_rounded_knots(student, draw):
    """is right for float32 numbers just inside of the ends, where the sum of many rounded bins may
    fall short
    """
    right_in_general(student, draw)
    _, *parameters = (each.float() for each in spline_inputs(draw, 200, n_bins=50))
    for end in (3.0, -3.0):
        y = torch.nextafter(torch.full((200,), end), torch.zeros(200))
        close(student.spline_inverse(y, *parameters), y, rtol=1e-3)


globals().update(usual_checks(oracle.spline_inverse, lambda draw: spline_inputs(draw, 3, 4)))
