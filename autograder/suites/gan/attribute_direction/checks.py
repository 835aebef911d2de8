"""Hidden checks: the direction of an attribute among codes."""

import pytest
import torch

from autograder.checks import close, has_dtype, same_gradients, usual_checks, weight
from autograder.suites.gan.attribute_direction import oracle


def marks(draw, n, n_with):
    """(n,) of 0.0 and 1.0 with n_with ones, in random order."""
    return (draw.permutation(n) < n_with).double()


@weight(3)
@pytest.mark.parametrize("n_with", [3, 17])
def test_values(student, draw, n_with):
    """is right when those with the attribute are few, and when they are many"""
    codes, has = 1.5 + 2 * draw.normal(20, 4), marks(draw, 20, n_with)
    close(student.attribute_direction(codes, has), oracle.attribute_direction(codes, has))


@weight(2)
@pytest.mark.parametrize("n_with", [1, 8])
def test_one_alone(student, draw, n_with):
    """works when a single code has the attribute, or a single one has it not"""
    codes, has = draw.normal(9, 3), marks(draw, 9, n_with)
    close(student.attribute_direction(codes, has), oracle.attribute_direction(codes, has))


def test_shift(student, draw):
    """does not depend on where the cloud of codes lies"""
    codes, has, offset = draw.normal(12, 3), marks(draw, 12, 4), 50 * draw.normal(3)
    close(student.attribute_direction(codes + offset, has), oracle.attribute_direction(codes, has))


def test_opposite(student, draw):
    """turns round when the attribute is exchanged for its opposite"""
    codes, has = draw.normal(12, 3), marks(draw, 12, 4)
    close(student.attribute_direction(codes, 1 - has), -oracle.attribute_direction(codes, has))


def test_length(student, draw):
    """keeps its length: twice the codes, twice the direction"""
    codes, has = draw.normal(12, 3), marks(draw, 12, 5)
    close(student.attribute_direction(2 * codes, has), 2 * oracle.attribute_direction(codes, has))


def test_gradients(student, draw):
    """lets gradients through to the codes"""
    has = marks(draw, 10, 4)
    same_gradients(
        lambda codes: student.attribute_direction(codes, has),
        lambda codes: oracle.attribute_direction(codes, has),
        draw.normal(10, 3),
    )


def test_dtype(student, draw):
    """has the precision of the codes, whatever that of the marks"""
    codes, has = draw.normal(12, 3), marks(draw, 12, 5)
    for dtype, other in ((torch.float32, torch.float64), (torch.float64, torch.float32)):
        value = student.attribute_direction(codes.to(dtype), has.to(other))
        has_dtype(value, dtype)
        close(value, oracle.attribute_direction(codes, has), rtol=1e-3, atol=1e-5)


globals().update(
    usual_checks(
        oracle.attribute_direction,
        lambda draw: (draw.normal(12, 3), marks(draw, 12, 5)),
        without=("dtype",),
    )
)
