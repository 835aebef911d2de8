"""Hidden checks: the weight of a 1x1 convolution from its parts."""

import pytest
import torch

from autograder.checks import after, aspect, close, usual_checks
from autograder.suites.flows.image_flows import same_gradients_of_all, same_parts
from autograder.suites.flows.lu_weight import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def parts(draw, size):
    """A permutation, two full matrices, signs of both kinds, and logarithms."""
    permutation = torch.eye(size, dtype=torch.float64)[draw.permutation(size)]
    sign = torch.where(torch.arange(size) % 2 == 0, 1.0, -1.0).double()[draw.permutation(size)]
    return (
        permutation,
        draw.normal(size, size),
        draw.normal(size, size),
        sign,
        draw.normal(size),
    )


def agree(student, *given):
    same_parts(student.lu_weight(*given), oracle.lu_weight(*given))


@pytest.mark.parametrize("size", [2, 3, 6])
def test_values(student, draw, size):
    """multiplies P, L and U in this order, and sums log_s"""
    for _ in range(2):
        agree(student, *parts(draw, size))


def test_determinant(student, draw):
    """gives the log-determinant of the weight that it returns"""
    for size in (2, 5):
        given = parts(draw, size)
        weight, log_abs_det = student.lu_weight(*given)
        close(weight, oracle.lu_weight(*given)[0])
        close(log_abs_det, torch.linalg.slogdet(weight).logabsdet)


def test_cyclic_permutation(student, draw):
    """applies P itself and not its transpose"""
    _, *rest = parts(draw, 4)
    agree(student, torch.eye(4, dtype=torch.float64)[[1, 2, 3, 0]], *rest)


@after(test_values)
def test_strict_triangles(student, draw):
    """uses nothing of `lower` on and above the diagonal, and nothing of `upper` on and below it"""
    permutation, lower, upper, sign, log_s = parts(draw, 4)
    expected = oracle.lu_weight(permutation, lower, upper, sign, log_s)
    other = 100 * draw.normal(4, 4)
    given = lower.tril(-1) + other.triu(), upper.triu(1) + other.tril()
    same_parts(student.lu_weight(permutation, *given, sign, log_s), expected)
    for diagonal in (0.0, 1.0):
        filled = [each.clone().fill_diagonal_(diagonal) for each in (lower, upper)]
        same_parts(student.lu_weight(permutation, *filled, sign, log_s), expected)


@aspect("gradients")
@pytest.mark.parametrize("size", [1, 2, 4])
def test_gradients(student, draw, size):
    """sends the right gradients to both triangles and log_s, through weight and log-determinant"""
    permutation, lower, upper, sign, log_s = parts(draw, size)
    same_gradients_of_all(
        lambda lower, upper, log_s: student.lu_weight(permutation, lower, upper, sign, log_s),
        lambda lower, upper, log_s: oracle.lu_weight(permutation, lower, upper, sign, log_s),
        "lower upper log_s",
        lower,
        upper,
        log_s,
    )


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shift", [-300.0, 300.0])
def test_extreme_determinant(student, draw, shift):
    """gives a log-determinant that is right where the determinant under- or overflows"""
    permutation, lower, upper, sign, log_s = parts(draw, 4)
    given = permutation, 0.1 * lower, upper, sign, log_s + shift
    (weight, log_abs_det), expected = student.lu_weight(*given), oracle.lu_weight(*given)
    close(log_abs_det, expected[1])
    size = expected[0].abs().max()
    close(weight / size, expected[0] / size)


@aspect("edges")
@after(test_values)
def test_one_channel(student, draw):
    """works for one channel"""
    one = torch.ones(1, 1, dtype=torch.float64)
    agree(student, one, 3 * one, 5 * one, -one[0], draw.normal(1))


@aspect("edges")
@after(test_values)
def test_identity(student, draw):
    """gives the identity for the parts of the identity"""
    eye, zeros = torch.eye(3, dtype=torch.float64), torch.zeros(3, 3, dtype=torch.float64)
    agree(student, eye, zeros, zeros, torch.ones(3).double(), torch.zeros(3).double())


globals().update(usual_checks(oracle.lu_weight, lambda draw: parts(draw, 4)))
