"""Hidden checks: penalty on mean, standard deviation and kurtosis."""

import pytest
import torch

from autograder.checks import aspect, close, same_gradients, usual_checks
from autograder.suites.vae.moment_penalty import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agrees(student, z, **tolerance):
    """Compares the penalty with the oracle's."""
    close(student.moment_penalty(z), oracle.moment_penalty(z), **tolerance)


def standardised(draw, batch, D):
    """Codes whose (biased) means are 0 and standard deviations 1, exactly; kurtosis far from 3."""
    z = draw.uniform(batch, D)
    return (z - z.mean(0)) / z.std(0, correction=0)


def test_latents(student, draw):
    """is right for codes whose latents differ in mean, spread and shape"""
    z = torch.cat([draw.normal(150, 2), draw.uniform(150, 2), draw.normal(150, 2).exp()], dim=1)
    agrees(student, z * (1 + draw.uniform(6)) + draw.normal(6))


def test_kurtosis(student, draw):
    """is right when the kurtosis is off, below three or far above"""
    z = standardised(draw, 64, 3)
    agrees(student, z)
    z[0, 0], z[1:3, 1] = 40.0, -25.0
    agrees(student, (z - z.mean(0)) / z.std(0, correction=0))


def test_spread(student, draw):
    """is right when the spread of the codes is far from one, on either side"""
    z = standardised(draw, 30, 3)
    for scale in (0.2, 4.0):
        agrees(student, scale * z)


def test_mean(student, draw):
    """is right when the codes are far from zero, on either side"""
    agrees(student, standardised(draw, 30, 3) + torch.tensor([-3.0, 5.0, 8.0]).double())


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the codes, through all three moments"""
    z = 1.7 * draw.normal(12, 3) + 0.5
    z[0, 0] = 9.0  # a skewed latent with a heavy tail
    same_gradients(student.moment_penalty, oracle.moment_penalty, z)


@aspect("edges")
@pytest.mark.parametrize("B, D", [(5, 3), (4, 12), (9, 1), (2, 2)])
def test_sizes(student, draw, B, D):
    """divides by the size of the batch and sums over the latents, whatever the two are"""
    agrees(student, 1.5 * draw.normal(B, D) + 0.5)


@aspect("edges")
def test_small_spread(student, draw):
    """is right when a latent hardly varies, with a standard deviation of 0.01"""
    agrees(student, 0.01 * standardised(draw, 30, 3), rtol=1e-3)


globals().update(usual_checks(oracle.moment_penalty, lambda draw: (draw.normal(20, 3),)))
