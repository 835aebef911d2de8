"""Hidden checks: the earth mover's distance in one dimension."""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, same_gradients, usual_checks
from autograder.suites.gan.earth_mover_1d import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agree(student, x, y):
    close(student.earth_mover_1d(x, y), oracle.earth_mover_1d(x, y))


@pytest.mark.parametrize("n", [9, 120])
def test_equal_sizes(student, draw, n):
    """is right for two sets of equal size that overlap"""
    agree(student, draw.normal(n), 0.5 + 2 * draw.normal(n))


@pytest.mark.parametrize("n, m", [(5, 8), (12, 7), (6, 4), (70, 41)])
def test_unequal_sizes(student, draw, n, m):
    """is right for sets of different sizes, whose samples weigh 1/N and 1/M"""
    agree(student, draw.normal(n), 1.5 * draw.normal(m) - 0.3)


@aspect("gradients")
@pytest.mark.parametrize("n, m", [(7, 7), (4, 9), (1, 5)])
def test_gradients(student, draw, n, m):
    """sends each sample of both sets the gradient of the mass that it moves"""
    same_gradients(student.earth_mover_1d, oracle.earth_mover_1d, draw.normal(n), draw.normal(m))


@aspect("gradients")
@pytest.mark.parametrize("offset", [-0.5, 0.7])
def test_lines(student, draw, offset):
    """sends the right gradient where all samples of a set coincide, as in the picture"""
    same_gradients(
        lambda theta: student.earth_mover_1d(theta.new_zeros(5), theta.expand(3)),
        lambda theta: oracle.earth_mover_1d(theta.new_zeros(5), theta.expand(3)),
        offset * draw.uniform(1, low=0.8, high=1.2)[0],
    )


@aspect("edges")
@after(test_equal_sizes)
@pytest.mark.parametrize("n, m", [(1, 6), (6, 1), (1, 1)])
def test_one_sample(student, draw, n, m):
    """works when one set, or each, has a single sample"""
    x, y = draw.normal(n), draw.normal(m)
    close(student.earth_mover_1d(x, y), (x[:, None] - y).abs().mean())


@aspect("edges")
@after(test_equal_sizes)
@pytest.mark.parametrize("offset", [-7.0, 3.0, 1e4])
def test_translation(student, draw, offset):
    """is the way that a set was moved, to the left or to the right, in any order of its samples"""
    x = draw.normal(7)
    close(student.earth_mover_1d(x, x[draw.permutation(7)] + offset), abs(offset))


@aspect("edges")
@after(test_equal_sizes)
def test_same_distribution(student, draw):
    """is zero for one distribution given by sets of different size"""
    x = draw.normal(5)
    close(student.earth_mover_1d(x, torch.cat([x, x, x])[draw.permutation(15)]), 0.0)


@aspect("edges")
@after(test_equal_sizes)
def test_ties(student, draw):
    """is right when samples coincide, within a set and between the two"""
    x, y = draw.integers(0, 4, 9).double(), draw.integers(0, 5, 6).double()
    agree(student, x, y)


@aspect("edges")
@after(test_equal_sizes)
def test_finite_gradients(student, draw):
    """sends finite gradients where samples of the two sets coincide"""
    x = draw.normal(6).requires_grad_()
    y = x.detach()[draw.permutation(6)].clone().requires_grad_()
    student.earth_mover_1d(x, y).backward()
    is_true(all(each.grad is not None and each.grad.isfinite().all() for each in (x, y)))


@aspect("edges")
@after(test_equal_sizes)
@pytest.mark.parametrize("scale", [0.01, 100.0])
def test_spread(student, draw, scale):
    """is the distance itself, neither squared nor scaled, for sets far apart and sets close
    together
    """
    x, y = draw.normal(6), draw.normal(9)
    close(student.earth_mover_1d(scale * x, scale * y), scale * oracle.earth_mover_1d(x, y))


globals().update(usual_checks(oracle.earth_mover_1d, lambda draw: (draw.normal(5), draw.normal(7))))
