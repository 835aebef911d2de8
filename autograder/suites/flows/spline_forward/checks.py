"""Hidden checks: the monotone rational-quadratic spline."""

import math

import pytest
import torch

from autograder.checks import aspect, close, is_true, once_right, same_gradients, usual_checks
from autograder.suites.flows.beyond_flows import Spline, spline_inputs
from autograder.suites.flows.spline_forward import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.17, "conventions": 0.08}


def agree(student, *given):
    close(student.spline_forward(*given), oracle.spline_forward(*given))


def right_in_general(student, draw):
    given = spline_inputs(draw, 6)
    once_right(student.spline_forward(*given), oracle.spline_forward(*given))


def repeated(n, *parameters):
    """The same spline for each of n numbers."""
    return [each.expand(n, -1) for each in parameters]


@pytest.mark.parametrize("shape", [(9,), (5, 3), (4, 4), (2, 3, 2)])
@pytest.mark.parametrize("n_bins", [2, 3, 5])
def test_inside(student, draw, shape, n_bins):
    """gives value and log-slope of each number, for inputs of any shape and numbers of bins"""
    agree(student, *spline_inputs(draw, *shape, n_bins=n_bins))


@pytest.mark.parametrize(
    "bound, min_size, min_derivative", [(1.0, 0.1, 0.5), (7.5, 1e-3, 0.2), (3.0, 0.15, 1e-3)]
)
def test_options(student, draw, bound, min_size, min_derivative):
    """goes by the bound, the smallest size of a bin and the smallest slope that it is given"""
    x, *parameters = spline_inputs(draw, 12)
    agree(student, x * bound / 3, *parameters, bound, min_size, min_derivative)


@pytest.mark.parametrize("result", [0, 1], ids=["y", "log_det"])
def test_outside(student, draw, result):
    """is the identity outside of the interval, just beyond its ends and far away"""
    x = torch.tensor([-3.001, 3.001, -4.0, 5.0, -100.0, 1e4, 1.0], dtype=torch.float64)
    _, *parameters = spline_inputs(draw, 7)
    value = student.spline_forward(x, *parameters)[result]
    close(value, oracle.spline_forward(x, *parameters)[result])
    close(value[:6], torch.zeros_like(x[:6]) if result else x[:6])


@pytest.mark.parametrize("result", [0, 1], ids=["y", "log_det"])
def test_ends(student, draw, result):
    """goes over into the identity at both ends, with a slope of 1"""
    beside = 1e-12  # so near that even the sharpest bend adds nothing
    x = torch.tensor([-3.0, 3.0, -3 + beside, 3 - beside, -3 - beside, 3 + beside]).double()
    given = spline_inputs(draw, 6)[1:]
    value = student.spline_forward(x, *given)[result]
    close(value, torch.zeros_like(x) if result else x)
    inner = spline_inputs(draw, 5)
    close(student.spline_forward(*inner)[result], oracle.spline_forward(*inner)[result])


def test_knots(student, draw):
    """goes through the knots, with the slopes that they have"""
    _, *parameters = (each[0] for each in spline_inputs(draw, 1, n_bins=6))
    spline = Spline.of(*parameters, 3.0, 1e-3, 1e-3)
    y, log_det = student.spline_forward(spline.x, *repeated(7, *parameters))
    close(y, spline.y)
    close(log_det, spline.slopes.log())


def test_increasing(student, draw):
    """increases, and its slope is the derivative of its value, on a fine grid"""
    _, *parameters = (each[0] / 2 for each in spline_inputs(draw, 1, n_bins=4))
    x = torch.linspace(-3.5, 3.5, 281, dtype=torch.float64)
    y, log_det = student.spline_forward(x, *repeated(281, *parameters))
    is_true((y.diff() > 0).all(), "not increasing")
    slopes = log_det.exp()
    area = ((slopes[1:] + slopes[:-1]) / 2 * x.diff()).sum()
    close(area, 7.0, rtol=1e-2)
    close(y, oracle_on_grid(x, parameters))


def oracle_on_grid(x, parameters):
    spline = Spline.of(*parameters, 3.0, 1e-3, 1e-3)
    return torch.stack([spline(number) for number in x])


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["y", "log_det"])
@pytest.mark.parametrize("n_bins", [2, 5])
def test_gradients(student, draw, result, n_bins):
    """sends the right gradients to x and to all parameters"""
    x, *parameters = spline_inputs(draw, 4, 2, n_bins=n_bins)
    same_gradients(
        lambda *given: student.spline_forward(*given)[result],
        lambda x, widths, heights, derivatives: oracle.spline_forward(
            x, widths, heights, derivatives
        )[result],
        x,
        *parameters,
    )


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["y", "log_det"])
@pytest.mark.parametrize("far", [3.5, 40.0, 1e6, 1e200])
def test_gradients_outside(student, draw, result, far):
    """sends finite gradients where some of the numbers lie outside: none to their parameters"""
    x, *parameters = spline_inputs(draw, 6)
    x = torch.where(torch.arange(6) < 4, x.sign() * far, x)
    same_gradients(
        lambda *given: student.spline_forward(*given)[result],
        lambda x, widths, heights, derivatives: oracle.spline_forward(
            x, widths, heights, derivatives
        )[result],
        x,
        *parameters,
    )


@aspect("edges")
def test_one_bin(student, draw):
    """is the identity for a single bin"""
    right_in_general(student, draw)
    x, sizes = draw.uniform(6, low=-4, high=4), draw.normal(6, 1)
    y, log_det = student.spline_forward(x, sizes, draw.normal(6, 1), sizes.new_zeros(6, 0))
    close(y, x)
    close(log_det, torch.zeros_like(x))


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
    x, *parameters = spline_inputs(draw, 8)
    for number in range(3):
        given = [size * each.sign() if i == number else each for i, each in enumerate(parameters)]
        agree(student, x, *given)


@aspect("edges")
def test_rounded_knots(student, draw):
    """is right for float32 numbers just inside of the ends, where the sum of many rounded bins may
    fall short
    """
    right_in_general(student, draw)
    _, *parameters = (each.float() for each in spline_inputs(draw, 200, n_bins=50))
    for end in (3.0, -3.0):
        x = torch.nextafter(torch.full((200,), end), torch.zeros(200))
        y, log_det = student.spline_forward(x, *parameters)
        close(y, x, rtol=1e-3)
        close(log_det, torch.zeros(200), atol=0.05)


@aspect("edges")
def test_straight(student, draw):
    """is the identity for equal bins with slopes of 1"""
    right_in_general(student, draw)
    x = draw.uniform(9, low=-3, high=3)
    zeros, one = torch.zeros(9, 6).double(), math.log(math.expm1(1 - 1e-3))
    y, log_det = student.spline_forward(x, zeros, zeros, torch.full((9, 5), one).double())
    close(y, x)
    close(log_det, torch.zeros_like(x))


globals().update(usual_checks(oracle.spline_forward, lambda draw: spline_inputs(draw, 3, 4)))
