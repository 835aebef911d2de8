"""Hidden checks: the velocity of the straight path."""

import pytest

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.velocity_target import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.17, "conventions": 0.08}


def given(draw, *shape):
    return draw.normal(*shape), 2 * draw.normal(*shape)


def agree(student, *call):
    close(student.velocity_target(*call), oracle.velocity_target(*call))


def right_in_general(student, draw):
    call = *given(draw, 4, 3), 0.2
    once_right(student.velocity_target(*call), oracle.velocity_target(*call))


@pytest.mark.parametrize("shape", [(6, 3), (5, 2, 4, 3)], ids=str)
def test_line(student, draw, shape):
    """leads from noise to data in unit time"""
    agree(student, *given(draw, *shape))


@pytest.mark.parametrize("sigma_min", [0.1, 0.7])
def test_sigma(student, draw, sigma_min):
    """leaves sigma_min of the noise at the end"""
    agree(student, *given(draw, 5, 4), sigma_min)
    agree(student, *given(draw, 3, 1, 2, 2), sigma_min)


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_gradients(student, draw, sigma_min):
    """sends the right gradients to noise and data"""
    same_gradients(
        lambda x_0, x_1: student.velocity_target(x_0, x_1, sigma_min),
        lambda x_0, x_1: oracle.velocity_target(x_0, x_1, sigma_min),
        *given(draw, 4, 2, 3),
    )


@aspect("edges")
@pytest.mark.parametrize("sigma_min", [1e-4, 0.999, 0])
def test_small_and_large_sigma(student, draw, sigma_min):
    """is right for a sigma_min near 0, near 1, and 0"""
    right_in_general(student, draw)
    x_0, x_1 = given(draw, 4, 3)
    close(
        student.velocity_target(x_0, x_1, sigma_min),
        oracle.velocity_target(x_0, x_1, sigma_min),
        1e-6,
        1e-7,
    )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (1,), (5,), (1, 1, 1, 1), (3, 1)], ids=str)
def test_one(student, draw, shape):
    """works for a batch of one, for samples of one number, and without further axes"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape), 0.1)


@aspect("edges")
def test_range(student, draw):
    """takes numbers of any size as they are"""
    right_in_general(student, draw)
    x_0, x_1 = given(draw, 4, 3)
    agree(student, 30 * x_0, 1e5 * x_1, 0.1)
    agree(student, x_0, x_0)


def calls(draw):
    """Without and with sigma_min."""
    yield given(draw, 4, 3)
    yield *given(draw, 3, 2, 4), 0.1


globals().update(usual_checks(oracle.velocity_target, calls))
