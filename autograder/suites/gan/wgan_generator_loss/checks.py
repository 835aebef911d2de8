"""Hidden checks: the generator's Wasserstein loss."""

import pytest

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.gan.wgan_generator_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agree(student, fake):
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


@pytest.mark.parametrize("n", [7, 30, 1])
def test_values(student, draw, n):
    """is right for scores of either sign, in a batch of one too"""
    agree(student, draw.normal(n) - 0.5)
    agree(student, draw.normal(n) + 0.5)


def in_order(student, draw):
    """Fails for an answer that is wrong for ordinary scores."""
    agree(student, draw.normal(7) - 0.5)


@aspect("gradients")
@pytest.mark.parametrize("shape", [(6,), (5, 1), (1,)])
def test_gradients(student, draw, shape):
    """sends each score the same gradient, in the direction of higher scores"""
    fake = draw.normal(*shape)
    same_gradients(student.wgan_generator_loss, oracle.wgan_generator_loss, fake)


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("n", [6, 1])
def test_column(student, draw, n):
    """takes scores of shape (B, 1) as well, a batch of one included"""
    agree(student, 1 + draw.normal(n, 1))


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("scale", [1e-3, 3e3, 1e7])
def test_large_scores(student, draw, scale):
    """has no bound: the least and the largest scores count in full"""
    fake = scale * draw.normal(5)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake), atol=1e-6 * scale)


globals().update(usual_checks(oracle.wgan_generator_loss, lambda draw: (draw.normal(7),)))
