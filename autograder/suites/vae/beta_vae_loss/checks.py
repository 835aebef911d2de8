"""Hidden checks: negative ELBO with a weight on the KL."""

import pytest

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.beta_vae_loss import oracle


def inputs(draw):
    return draw.uniform(5, 7), 2 * draw.normal(5, 7), draw.normal(5, 3), draw.normal(5, 3)


@weight(2)
def test_default(student, draw):
    """is the negative ELBO when beta is not given"""
    given = inputs(draw)
    close(student.beta_vae_loss(*given), oracle.beta_vae_loss(*given))


@weight(2)
@pytest.mark.parametrize("beta", [0.25, 4.0])
def test_beta(student, draw, beta):
    """weighs the right term when beta is not one"""
    given = inputs(draw)
    close(student.beta_vae_loss(*given, beta), oracle.beta_vae_loss(*given, beta))


def test_beta_by_name(student, draw):
    """takes beta by its name, zero included"""
    given = inputs(draw)
    close(student.beta_vae_loss(*given, beta=0.0), oracle.beta_vae_loss(*given, 0.0))
    close(student.beta_vae_loss(*given, beta=1.5), oracle.beta_vae_loss(*given, 1.5))


def test_images(student, draw):
    """works on images (B, C, H, W)"""
    given = draw.uniform(3, 2, 4, 5), draw.normal(3, 2, 4, 5), draw.normal(3, 6), draw.normal(3, 6)
    close(student.beta_vae_loss(*given, beta=2.0), oracle.beta_vae_loss(*given, 2.0))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the logits, the mean and the log-variance"""
    x, *others = inputs(draw)
    same_gradients(
        lambda logits, mu, logvar: student.beta_vae_loss(x, logits, mu, logvar, 3.0),
        lambda logits, mu, logvar: oracle.beta_vae_loss(x, logits, mu, logvar, 3.0),
        *others,
    )


def test_extreme_logits(student, draw):
    """stays finite and exact when logits are very large"""
    x, logits, mu, logvar = inputs(draw)
    close(
        student.beta_vae_loss(x, 1e3 * logits, mu, logvar),
        oracle.beta_vae_loss(x, 1e3 * logits, mu, logvar),
    )


globals().update(usual_checks(oracle.beta_vae_loss, inputs))
