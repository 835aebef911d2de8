"""Hidden checks: a rate that is constant, then falls linearly to 0."""

import pytest

from autograder.checks import after, aspect, close, is_true, number, refuses
from autograder.suites.pix2pix.decayed_rate import oracle

ASPECTS = {"values": 0.7, "edges": 0.3}


def agree(student, *given):
    close(number(student.decayed_rate(*given)), oracle.decayed_rate(*given), rtol=1e-9, atol=1e-12)


def sizes(draw):
    """A number of constant iterations and one of all, neither half of the other."""
    n_constant, n_falling = (int(draw.integers(low, low + 9, 1)) for low in (12, 31))
    return n_constant, n_constant + n_falling


@pytest.mark.parametrize("part", ["constant", "falling"])
def test_values(student, draw, part):
    """is right in the constant and in the falling part"""
    n_constant, n = sizes(draw)
    rate = float(draw.uniform(1, low=0.001, high=0.3))
    steps = (0, 1, n_constant - 1) if part == "constant" else (n_constant + 1, n - 7, n - 2)
    for i in steps:
        agree(student, i, rate, n_constant, n)


@after(test_values)
def test_ends(student, draw):
    """begins to fall from the rate itself, and reaches 0 after the last iteration, not in it"""
    n_constant, n = sizes(draw)
    for i in (n_constant, n_constant + 1, n - 1, n):
        agree(student, i, 0.3, n_constant, n)


@after(test_values)
def test_beyond(student, draw):
    """stays 0 beyond the last iteration"""
    n_constant, n = sizes(draw)
    for i in (n + 1, n + 5, 10 * n):
        agree(student, i, 0.3, n_constant, n)


@aspect("edges")
@after(test_values)
def test_all_constant(student, draw):
    """stays constant to the end if no iteration falls"""
    for i in (0, 4, 6, 7, 8):
        agree(student, i, 0.25, 7, 7)


@aspect("edges")
@after(test_values)
def test_none_constant(student, draw):
    """falls from the first iteration on if none is constant"""
    for i in (0, 1, 6, 7):
        agree(student, i, 0.25, 0, 7)
    agree(student, 0, 0.25, 0, 1)
    agree(student, 0, 0.25, 0, 0)


@aspect("edges")
@after(test_values)
def test_number(student, draw):
    """gives a float, for a rate that is an integer too"""
    for i in (0, 3, 5, 9, 10, 12):
        value = student.decayed_rate(i, 1, 5, 10)
        is_true(isinstance(value, float))
        close(value, oracle.decayed_rate(i, 1, 5, 10))


@aspect("edges")
@pytest.mark.parametrize(
    "given", [(-1, 0.1, 2, 4), (0, 0.1, -1, 4), (0, 0.1, 5, 4), (9, 0.1, 5, 4)]
)
def test_refuses(student, draw, given):
    """raises ValueError for i < 0, and for n_constant outside 0..n_iterations"""
    agree(student, 3, 0.1, 2, 4)
    refuses(student.decayed_rate, *given)
