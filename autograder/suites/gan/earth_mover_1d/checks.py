"""Hidden checks: the earth mover's distance in one dimension."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.earth_mover_1d import oracle


@weight(2)
def test_equal_sizes(student, draw):
    """is right for two sets of equal size that overlap"""
    x, y = draw.normal(9), 0.5 + 2 * draw.normal(9)
    close(student.earth_mover_1d(x, y), oracle.earth_mover_1d(x, y))


@weight(3)
@pytest.mark.parametrize("n, m", [(5, 8), (12, 7), (6, 4)])
def test_unequal_sizes(student, draw, n, m):
    """is right for sets of different sizes, whose samples weigh 1/N and 1/M"""
    x, y = draw.normal(n), 1.5 * draw.normal(m) - 0.3
    close(student.earth_mover_1d(x, y), oracle.earth_mover_1d(x, y))


def test_one_sample(student, draw):
    """works when one set, or each, has a single sample"""
    x, y = draw.normal(1), draw.normal(6)
    close(student.earth_mover_1d(x, y), (x - y).abs().mean())
    close(student.earth_mover_1d(y, x), (x - y).abs().mean())
    close(student.earth_mover_1d(x, y[:1]), (x - y[:1]).abs().sum())


@pytest.mark.parametrize("offset", [-7.0, 3.0])
def test_translation(student, draw, offset):
    """is the way that a set was moved, whether to the left or to the right"""
    x = draw.normal(7)
    close(student.earth_mover_1d(x, x[draw.permutation(7)] + offset), abs(offset))


def test_order(student, draw):
    """does not depend on the order of the samples, nor on which set comes first"""
    x, y = draw.normal(6), draw.normal(8)
    expected = oracle.earth_mover_1d(x, y)
    close(student.earth_mover_1d(x[draw.permutation(6)], y[draw.permutation(8)]), expected)
    close(student.earth_mover_1d(y, x), expected)


def test_same_distribution(student, draw):
    """is zero for one distribution given by sets of different size"""
    x = draw.normal(5)
    close(student.earth_mover_1d(x, torch.cat([x, x, x])[draw.permutation(15)]), 0.0)


def test_ties(student, draw):
    """is right when samples coincide, within a set and between the two"""
    x, y = draw.integers(0, 4, 9).double(), draw.integers(0, 5, 6).double()
    close(student.earth_mover_1d(x, y), oracle.earth_mover_1d(x, y))


def test_spread(student, draw):
    """is the distance itself, neither squared nor scaled, for sets far apart and sets close
    together
    """
    x, y = draw.normal(6), draw.normal(9)
    for scale in (0.01, 100.0):
        close(student.earth_mover_1d(scale * x, scale * y), scale * oracle.earth_mover_1d(x, y))


@weight(3)
@pytest.mark.parametrize("n, m", [(7, 7), (4, 9)])
def test_gradients(student, draw, n, m):
    """sends each sample the gradient of the mass that it moves, in the right direction"""
    same_gradients(student.earth_mover_1d, oracle.earth_mover_1d, draw.normal(n), draw.normal(m))


globals().update(usual_checks(oracle.earth_mover_1d, lambda draw: (draw.normal(5), draw.normal(7))))
