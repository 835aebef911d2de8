"""Hidden checks: mean error of those without and of those with each attribute."""

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    aspect,
    close,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    once_right,
    usual_checks,
)
from autograder.suites.gan.error_by_attribute import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


def marks(draw, n, *counts):
    """(n, A) of 0.0 and 1.0; column a has counts[a] ones, in random order."""
    return torch.stack([(draw.permutation(n) < count).double() for count in counts], dim=1)


def agrees(student, error, attributes):
    close(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def right_in_general(student, draw):
    error, attributes = draw.uniform(12), marks(draw, 12, 5, 3, 7)
    once_right(
        student.error_by_attribute(error, attributes), oracle.error_by_attribute(error, attributes)
    )


def agrees_where_known(student, error, attributes):
    """Fail unless the table has nan where the oracle's has, and its numbers elsewhere."""
    value = student.error_by_attribute(error, attributes)
    expected = oracle.error_by_attribute(error, attributes)
    has_shape(value, *expected.shape)
    if not isinstance(value, torch.Tensor):
        raise CheckFailed("not a tensor")
    is_true(bool((value.isnan() == expected.isnan()).all()))
    close(value[~expected.isnan()], expected[~expected.isnan()])


@pytest.mark.parametrize(
    ("n", "counts"), [(30, (2, 11, 15, 27)), (12, (3, 8))], ids=["four", "two"]
)
def test_values(student, draw, n, counts):
    """has a row for each attribute, with the mean error of the images without it and then that of
    those with it
    """
    agrees(student, 5 + draw.normal(n), marks(draw, n, *counts))


@pytest.mark.parametrize("count", [0, 10])
def test_nobody(student, draw, count):
    """says nan where there is no image, and nowhere else"""
    right_in_general(student, draw)
    agrees_where_known(student, 1 + draw.uniform(10), marks(draw, 10, 4, count, 6))


@aspect("edges")
def test_one_alone(student, draw):
    """works when a single image has an attribute, or a single one has it not"""
    right_in_general(student, draw)
    agrees(student, draw.uniform(8), marks(draw, 8, 1, 7))


@aspect("edges")
@pytest.mark.parametrize("n", [8, 1, 0])
def test_small(student, draw, n):
    """works with one attribute, and for one image or none"""
    right_in_general(student, draw)
    agrees_where_known(student, draw.uniform(n), marks(draw, n, min(n, 3)))
    agrees_where_known(student, draw.uniform(n), marks(draw, n, 0, n))


@aspect("edges")
def test_signs(student, draw):
    """is right for numbers that may be zero or negative, such as differences of errors"""
    right_in_general(student, draw)
    error, attributes = 3 * draw.normal(9), marks(draw, 9, 2, 5)
    error[0] = 0.0
    agrees(student, error, attributes)


@aspect("conventions")
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32], ids=["float16", "float32"])
def test_attributes(student, draw, dtype):
    """has the precision of the errors and counts exactly, whatever float dtype the attributes
    have
    """
    right_in_general(student, draw)
    error, attributes = draw.uniform(2100), marks(draw, 2100, 2051, 7)  # 2051: not in float16
    value = student.error_by_attribute(error, attributes.to(dtype))
    has_dtype(value, torch.float64)
    close(value, oracle.error_by_attribute(error, attributes), rtol=1e-6, atol=1e-8)


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves errors and attributes as they were"""
    right_in_general(student, draw)
    student.error_by_attribute(draw.uniform(12), marks(draw, 12, 5, 3))
    inputs_unchanged(student)


globals().update(
    usual_checks(
        oracle.error_by_attribute,
        lambda draw: (draw.uniform(12), marks(draw, 12, 5, 3)),
        without=("inputs",),
    )
)
