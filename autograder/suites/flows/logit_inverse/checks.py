"""Hidden checks: the inverse of the logit transform."""

import pytest
import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.flows.logit_inverse import oracle
from autograder.suites.flows.logit_transform import oracle as forward

ASPECTS = {"values": 0.5, "images": 0.15, "gradients": 0.15, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    close(student.logit_inverse(*given), oracle.logit_inverse(*given), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("alpha", [0.05, 0.2, 0.001])
def test_values(student, draw, alpha):
    """is right for random x, with any alpha"""
    agree(student, 2 * draw.normal(5, 3), alpha)


def test_default(student, draw):
    """takes alpha = 0.05 if it is not told"""
    agree(student, draw.normal(4, 6))


def test_inverse(student, draw):
    """brings back what the logit transform made of [0, 1], both ends included"""
    y = torch.cat([draw.uniform(4, 5), torch.tensor([[0.0, 1.0, 0.5, 1.0, 0.0]])]).double()
    for alpha in (0.05, 0.3):
        close(student.logit_inverse(forward.logit_transform(y, alpha)[0], alpha), y)


def test_beyond(student, draw):
    """is not clamped: what lies beyond logit(1 - alpha) goes outside of [0, 1]"""
    agree(student, torch.linspace(-9, 9, 13, dtype=torch.float64)[None])


@aspect("images")
@pytest.mark.parametrize("shape", [(3, 1, 28, 28), (1, 3, 2, 4), (1, 1, 1, 1), (6,)])
def test_shapes(student, draw, shape):
    """takes samples of any shape"""
    agree(student, 2 * draw.normal(*shape))


@aspect("gradients")
@after(test_default)
def test_gradients(student, draw):
    """sends the right gradient to x, inside and beyond"""
    for scale in (1, 5):
        same_gradients(student.logit_inverse, oracle.logit_inverse, scale * draw.normal(3, 4))


@aspect("edges")
@after(test_default)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_far_away(student, draw, dtype):
    """is finite and right for x that is very large, of either sign"""
    x = torch.tensor([[50.0, -50.0, 100.0, -100.0, 1e4, -1e4]], dtype=dtype)
    close(student.logit_inverse(x), oracle.logit_inverse(x))


@aspect("edges")
@after(test_default)
def test_small_alpha(student, draw):
    """is right for alpha = 1e-6"""
    agree(student, 6 * draw.normal(5, 4), 1e-6)


def samples(draw):
    yield (2 * draw.normal(5, 3),)
    yield draw.normal(2, 1, 3, 4), 0.15


globals().update(usual_checks(oracle.logit_inverse, samples))
