"""Hidden checks: the critic's Wasserstein loss."""

import pytest

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.gan.critic_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agree(student, real, fake):
    close(student.critic_loss(real, fake), oracle.critic_loss(real, fake))


def test_values(student, draw):
    """is right for scores of either sign"""
    agree(student, draw.normal(6) + 1.5, 2 * draw.normal(6))


@pytest.mark.parametrize("sizes", [(9, 4), (2, 7), (1, 5), (6, 1)])
def test_unequal_batches(student, draw, sizes):
    """averages each batch by its own size when real and fake batches differ"""
    agree(student, 1 + draw.normal(sizes[0]), draw.normal(sizes[1]))


@aspect("gradients")
@pytest.mark.parametrize("shapes", [((5,), (8,)), ((7, 1), (4, 1)), ((1,), (1,))])
def test_gradients(student, draw, shapes):
    """sends the right gradients to the scores of real and of fake data"""
    same_gradients(student.critic_loss, oracle.critic_loss, *(draw.normal(*s) for s in shapes))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("sizes", [(6, 6), (3, 8), (1, 1)])
def test_column(student, draw, sizes):
    """takes scores of shape (B, 1) as well, a batch of one included"""
    agree(student, draw.normal(sizes[0], 1), draw.normal(sizes[1], 1))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("scale", [1e-3, 3e3, 1e7])
def test_large_scores(student, draw, scale):
    """has no bound: the least and the largest scores count in full"""
    real, fake = draw.normal(5), draw.normal(6)
    expected = scale * oracle.critic_loss(real, fake)
    close(student.critic_loss(scale * real, scale * fake), expected, atol=1e-6 * scale)


@aspect("edges")
@after(test_values)
def test_constant(student, draw):
    """does not change when a constant is added to the critic"""
    real, fake = draw.normal(5), draw.normal(7)
    close(student.critic_loss(real + 30, fake + 30), oracle.critic_loss(real, fake))


globals().update(usual_checks(oracle.critic_loss, lambda draw: (draw.normal(5), draw.normal(7))))
