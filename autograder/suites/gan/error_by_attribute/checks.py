"""Hidden checks: mean error of those without and of those with each attribute."""

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    close,
    has_dtype,
    has_shape,
    is_true,
    usual_checks,
    weight,
)
from autograder.suites.gan.error_by_attribute import oracle


def marks(draw, n, *counts):
    """(n, A) of 0.0 and 1.0; column a has counts[a] ones, in random order."""
    return torch.stack([(draw.permutation(n) < count).double() for count in counts], dim=1)


@weight(3)
def test_values(student, draw):
    """is right when the attributes are of different frequency"""
    error, attributes = 5 + draw.normal(30), marks(draw, 30, 2, 11, 15, 27)
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


@weight(2)
def test_two_attributes(student, draw):
    """keeps rows and columns apart when the table is square"""
    error, attributes = draw.uniform(12), marks(draw, 12, 3, 8)
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def table(value, n_attributes):
    has_shape(value, n_attributes, 2)
    if not isinstance(value, torch.Tensor):
        raise CheckFailed("not a tensor")
    return value


@weight(2)
@pytest.mark.parametrize("count", [0, 10])
def test_nobody(student, draw, count):
    """says nan where nobody is, and nowhere else"""
    error, attributes = 1 + draw.uniform(10), marks(draw, 10, 4, count, 6)
    value = table(student.error_by_attribute(error, attributes), 3)
    expected = oracle.error_by_attribute(error, attributes)
    is_true(bool((value.isnan() == expected.isnan()).all()))
    close(value[~expected.isnan()], expected[~expected.isnan()])


def test_one_alone(student, draw):
    """works when a single image has an attribute, or a single one has it not"""
    error, attributes = draw.uniform(8), marks(draw, 8, 1, 7)
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def test_one_attribute(student, draw):
    """works with one attribute"""
    error, attributes = draw.uniform(8), marks(draw, 8, 3)
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def test_signs(student, draw):
    """is right for numbers that may be zero or negative, such as differences of errors"""
    error, attributes = draw.normal(9), marks(draw, 9, 2, 5)
    error[0] = 0.0
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def test_dtype(student, draw):
    """has the precision of the errors, whatever that of the attributes"""
    error, attributes = draw.uniform(12), marks(draw, 12, 5, 3, 7)
    for dtype, other in ((torch.float32, torch.float64), (torch.float64, torch.float32)):
        value = student.error_by_attribute(error.to(dtype), attributes.to(other))
        has_dtype(value, dtype)
        close(value, oracle.error_by_attribute(error, attributes), rtol=1e-3)


globals().update(
    usual_checks(
        oracle.error_by_attribute,
        lambda draw: (draw.uniform(12), marks(draw, 12, 5, 3)),
        without=("dtype",),
    )
)
