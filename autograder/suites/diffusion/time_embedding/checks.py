"""Hidden checks: the time embedding."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.time_embedding import oracle

ASPECTS = {"values": 0.65, "gradients": 0.1, "edges": 0.15, "conventions": 0.1}


def times(draw, n=5):
    return draw.uniform(n, low=-20, high=60)


def agree(student, *given):
    close(student.time_embedding(*given), oracle.time_embedding(*given), rtol=1e-6, atol=1e-7)


def judged(student, draw):
    given = times(draw), 8
    once_right(student.time_embedding(*given), oracle.time_embedding(*given))


@pytest.mark.parametrize("n", [4, 6, 10, 64])
def test_values(student, draw, n):
    """has sines, then cosines, of frequencies from 1 to 1 / max_period, both included"""
    agree(student, times(draw), n)


@pytest.mark.parametrize("n", [4, 8, 12])
def test_period(student, draw, n):
    """takes the largest period that it is given"""
    agree(student, times(draw), n, float(draw.uniform(low=20, high=900)))


@pytest.mark.parametrize("n", [5, 7, 33])
def test_odd(student, draw, n):
    """ends with a zero for odd sizes"""
    agree(student, times(draw, 4), n)


@pytest.mark.parametrize("n", [8, 9])
def test_integers(student, draw, n):
    """takes whole numbers, and gives float32 for them"""
    t = draw.integers(0, 1000, 6)
    found = student.time_embedding(t, n)
    close(found, oracle.time_embedding(t, n), rtol=0, atol=2e-3)
    has_dtype(found, torch.float32)


@aspect("gradients")
@pytest.mark.parametrize("n", [6, 7])
def test_gradients(student, draw, n):
    """sends the right gradients to times that need them"""
    same_gradients(
        lambda t: student.time_embedding(t, n), lambda t: oracle.time_embedding(t, n), times(draw)
    )


@aspect("edges")
@pytest.mark.parametrize("n", [2, 3])
def test_one_frequency(student, draw, n):
    """has the frequency 1 only if there is room for one"""
    judged(student, draw)
    agree(student, times(draw), n)


@aspect("edges")
@pytest.mark.parametrize("n", [6, 5, 2])
def test_one_sample(student, draw, n):
    """works for a batch of one"""
    judged(student, draw)
    agree(student, times(draw, 1), n)


@aspect("edges")
def test_zero(student, draw):
    """is zeros and ones at time 0"""
    judged(student, draw)
    agree(student, torch.zeros(2, dtype=torch.float64), 6)


@aspect("edges")
def test_large(student, draw):
    """is right for large times in float64"""
    judged(student, draw)
    t = draw.uniform(4, low=1e4, high=1e5)
    close(student.time_embedding(t, 8), oracle.time_embedding(t, 8), rtol=0, atol=1e-3)


globals().update(
    usual_checks(oracle.time_embedding, lambda draw: (times(draw), 9, 100.0), atol=1e-6)
)
