"""Hidden checks: free bits."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.free_bits import oracle


def mixed(draw, batch=6):
    """Latents on both sides of a floor of 0.5 nats: two nearly collapsed, three far from
    the prior.
    """
    spread = torch.tensor([0.1, 0.2, 2.0, 1.8, 2.5], dtype=torch.float64)
    return spread * draw.normal(batch, 5) + torch.tensor(
        [0, 0, 2.0, -2.0, 1.5]
    ), 0.5 * spread * draw.normal(batch, 5)


@weight(3)
def test_mixed(student, draw):
    """is right when some latents lie below the floor and some above"""
    mu, logvar = mixed(draw)
    close(student.free_bits(mu, logvar, 0.5), oracle.free_bits(mu, logvar, 0.5))


@weight(2)
def test_order(student, draw):
    """averages over the batch before it compares with the floor"""
    mu = torch.zeros(4, 3, dtype=torch.float64)
    mu[0] = draw.uniform(
        3, low=3.0, high=4.0
    )  # one sample far away, three at the prior: the batch average decides
    logvar = torch.zeros_like(mu)
    close(student.free_bits(mu, logvar, 0.6), oracle.free_bits(mu, logvar, 0.6))


def test_no_floor(student, draw):
    """is the usual KL when the floor is zero"""
    mu, logvar = mixed(draw)
    close(student.free_bits(mu, logvar, 0.0), oracle.free_bits(mu, logvar, 0.0))


def test_collapsed(student, draw):
    """charges each collapsed latent the floor"""
    mu, logvar = 0.01 * draw.normal(5, 4), 0.01 * draw.normal(5, 4)
    close(student.free_bits(mu, logvar, 0.75), oracle.free_bits(mu, logvar, 0.75))


def test_high_floor(student, draw):
    """is right for a floor of several nats"""
    mu, logvar = 2 * draw.normal(5, 4), draw.normal(5, 4)
    close(student.free_bits(mu, logvar, 2.5), oracle.free_bits(mu, logvar, 2.5))


@weight(2)
def test_gradients(student, draw):
    """sends gradients to the latents above the floor, and none to those below"""
    mu, logvar = mixed(draw)
    same_gradients(
        lambda m, v: student.free_bits(m, v, 0.5),
        lambda m, v: oracle.free_bits(m, v, 0.5),
        mu,
        logvar,
    )


def test_extreme_variances(student, draw):
    """stays finite and exact when variances are very small or very large"""
    mu, logvar = (
        draw.normal(4, 3),
        torch.tensor([-60.0, 0.0, 30.0], dtype=torch.float64) + draw.normal(4, 3),
    )
    close(student.free_bits(mu, logvar, 1.0), oracle.free_bits(mu, logvar, 1.0))


globals().update(usual_checks(oracle.free_bits, lambda draw: (*mixed(draw), 0.5)))
