"""Hidden checks: the reparameterised sample."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same, same_gradients, usual_checks
from autograder.suites.vae.reparameterize import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agrees(student, mu, logvar, eps, **tolerance):
    close(
        student.reparameterize(mu, logvar, eps),
        oracle.reparameterize(mu, logvar, eps),
        **tolerance,
    )


def ordinary(student, draw):
    """Fails, for a reason of its own, where corners are not worth a look yet."""
    given = draw.normal(4, 3), draw.normal(4, 3), draw.normal(4, 3)
    once_right(student.reparameterize(*given), oracle.reparameterize(*given))


def test_noise(student, draw):
    """adds to each mean the noise of its own sample and latent, when all variances are one"""
    mu, eps = draw.normal(5, 3), draw.normal(5, 3)
    agrees(student, mu, torch.zeros_like(mu), eps)


def test_scale(student, draw):
    """scales the noise by the standard deviation that belongs to each log-variance"""
    agrees(student, draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3))


@aspect("edges")
@pytest.mark.parametrize("centre", [-60.0, 60.0])
def test_extreme_variances(student, draw, centre):
    """is right when the variance is very small or very large"""
    ordinary(student, draw)
    logvar, eps = centre + draw.normal(4, 3), draw.normal(4, 3)
    agrees(student, draw.normal(4, 3), logvar, eps)
    agrees(student, torch.zeros_like(eps), logvar, eps, atol=1e-20)


@aspect("edges")
def test_large_noise(student, draw):
    """takes noise of any size as it is"""
    ordinary(student, draw)
    agrees(student, draw.normal(4, 3), draw.normal(4, 3), 50 * draw.normal(4, 3))


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (5, 1), (1, 1)])
def test_sizes_of_one(student, draw, shape):
    """is right for a batch of one, and for a single latent"""
    ordinary(student, draw)
    agrees(student, draw.normal(*shape), draw.normal(*shape), draw.normal(*shape))


@aspect("edges")
def test_draws_nothing(student, draw):
    """draws nothing itself: torch's random state is the same after the call"""
    given = draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)
    before = student.new("torch.get_rng_state")
    value = student.reparameterize(*given)
    same(student.new("torch.get_rng_state"), before)
    once_right(value, oracle.reparameterize(*given))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the mean and to the log-variance"""
    eps = draw.normal(4, 3)
    same_gradients(
        lambda mu, logvar: student.reparameterize(mu, logvar, eps),
        lambda mu, logvar: oracle.reparameterize(mu, logvar, eps),
        draw.normal(4, 3),
        draw.normal(4, 3),
    )


globals().update(
    usual_checks(
        oracle.reparameterize,
        lambda draw: (draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)),
    )
)
