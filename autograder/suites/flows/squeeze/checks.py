"""Hidden checks: squeeze."""

import pytest

from autograder.checks import after, aspect, refuses, same, same_gradients, usual_checks
from autograder.suites.flows.squeeze import oracle

ASPECTS = {"values": 0.4, "images": 0.3, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}


def agree(student, x):
    same(student.squeeze(x), oracle.squeeze(x))


def test_values(student, draw):
    """puts every number of a grey image where the formula says"""
    agree(student, draw.normal(3, 1, 4, 4))


def test_channels(student, draw):
    """keeps the four channels that come from one channel together"""
    agree(student, draw.normal(2, 3, 4, 4))


def test_unequal_sides(student, draw):
    """is right for height and width that differ"""
    agree(student, draw.normal(2, 2, 4, 10))
    agree(student, draw.normal(2, 1, 8, 2))


@after(test_values)
def test_twice_in_a_row(student, draw):
    """can be applied again to its own result"""
    x = draw.normal(2, 1, 8, 12)
    same(student.squeeze(student.squeeze(x)), oracle.squeeze(oracle.squeeze(x)))


@aspect("images")
@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (2, 4, 14, 14), (1, 3, 6, 4)])
def test_images(student, draw, shape):
    """is right for the images of the lab, and for those with colours"""
    agree(student, draw.normal(*shape))


@aspect("gradients")
def test_gradients(student, draw):
    """sends each gradient back to the pixel that it belongs to"""
    same_gradients(student.squeeze, oracle.squeeze, draw.normal(2, 3, 4, 6))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 1, 2, 2), (1, 5, 2, 4)])
def test_smallest(student, draw, shape):
    """works for a batch of one and for a single block of pixels"""
    agree(student, draw.normal(*shape))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(2, 1, 3, 4), (2, 1, 4, 3), (2, 4, 7, 7)])
def test_odd(student, draw, shape):
    """raises a ValueError if height or width is odd"""
    refuses(student.squeeze, draw.normal(*shape))


globals().update(usual_checks(oracle.squeeze, lambda draw: (draw.normal(3, 2, 4, 6),)))
