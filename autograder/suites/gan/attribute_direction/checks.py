"""Hidden checks: the direction of an attribute among codes."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    inputs_unchanged,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.attribute_direction import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def marks(draw, n, n_with):
    """(n,) of 0.0 and 1.0 with n_with ones, in random order."""
    return (draw.permutation(n) < n_with).double()


def agrees(student, codes, has):
    close(student.attribute_direction(codes, has), oracle.attribute_direction(codes, has))


def right_in_general(student, draw):
    codes, has = draw.normal(10, 3), marks(draw, 10, 4)
    once_right(student.attribute_direction(codes, has), oracle.attribute_direction(codes, has))


@pytest.mark.parametrize("n_with", [3, 17])
def test_values(student, draw, n_with):
    """leads from the mean code of those without the attribute to that of those with it, whichever
    group is the larger
    """
    agrees(student, 50 * draw.normal(4) + 2 * draw.normal(20, 4), marks(draw, 20, n_with))


@aspect("edges")
@pytest.mark.parametrize("n_with", [1, 8])
def test_one_alone(student, draw, n_with):
    """works when a single code has the attribute, or a single one has it not"""
    right_in_general(student, draw)
    agrees(student, draw.normal(9, 3), marks(draw, 9, n_with))


@aspect("edges")
@pytest.mark.parametrize(("n", "n_with"), [(2, 1), (7, 3)])
def test_one_latent(student, draw, n, n_with):
    """works for codes of one number, and for two codes"""
    right_in_general(student, draw)
    agrees(student, draw.normal(n, 1), marks(draw, n, n_with))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the gradients of the formula to the codes of both groups"""
    right_in_general(student, draw)
    has = marks(draw, 10, 4)
    same_gradients(
        lambda codes: student.attribute_direction(codes, has),
        lambda codes: oracle.attribute_direction(codes, has),
        draw.normal(10, 3),
    )


@aspect("conventions")
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32], ids=["float16", "float32"])
def test_marks(student, draw, dtype):
    """has the precision of the codes and counts exactly, whatever float dtype the marks have"""
    right_in_general(student, draw)
    codes, has = draw.normal(2100, 2), marks(draw, 2100, 2051)  # 2051: not in float16
    value = student.attribute_direction(codes, has.to(dtype))
    has_dtype(value, torch.float64)
    close(value, oracle.attribute_direction(codes, has), rtol=1e-6, atol=1e-8)


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves codes and marks as they were, for the next attribute"""
    right_in_general(student, draw)
    student.attribute_direction(draw.normal(12, 3), marks(draw, 12, 5))
    inputs_unchanged(student)


globals().update(
    usual_checks(
        oracle.attribute_direction,
        lambda draw: (draw.normal(12, 3), marks(draw, 12, 5)),
        without=("inputs",),
    )
)
