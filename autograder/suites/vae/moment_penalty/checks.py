"""Hidden checks: penalty on mean, standard deviation and kurtosis."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.moment_penalty import oracle


def standardised(draw, batch, D):
    """Codes whose (biased) means are 0 and standard deviations 1, exactly; kurtosis far from 3."""
    z = draw.uniform(batch, D)
    return (z - z.mean(0)) / z.std(0, correction=0)


@weight(3)
def test_values(student, draw):
    """is right for codes whose latents differ in mean, spread and shape"""
    z = torch.cat([draw.normal(40, 2), draw.uniform(40, 2), draw.normal(40, 2).exp()], dim=1) * (
        1 + draw.uniform(6)
    ) + draw.normal(6)
    close(student.moment_penalty(z), oracle.moment_penalty(z))


def test_small_batch(student, draw):
    """divides by the size of the batch, in small batches too"""
    z = draw.normal(5, 3)
    close(student.moment_penalty(z), oracle.moment_penalty(z))


def test_kurtosis(student, draw):
    """is right when only the kurtosis is off"""
    z = standardised(draw, 30, 3)
    close(student.moment_penalty(z), oracle.moment_penalty(z))


@weight(2)
def test_spread(student, draw):
    """is right when the spread of the codes is far from one, on either side"""
    z = standardised(draw, 30, 3)
    for scale in (0.2, 4.0):
        close(student.moment_penalty(scale * z), oracle.moment_penalty(scale * z))


def test_shift(student, draw):
    """is right when the codes are far from zero"""
    z = standardised(draw, 30, 3) + torch.tensor([-3.0, 5.0, 8.0], dtype=torch.float64)
    close(student.moment_penalty(z), oracle.moment_penalty(z))


def test_more_latents(student, draw):
    """charges for every latent when there are more latents than codes"""
    z = 1.5 * draw.normal(4, 12)
    close(student.moment_penalty(z), oracle.moment_penalty(z))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the codes, through all three moments"""
    same_gradients(student.moment_penalty, oracle.moment_penalty, 1.7 * draw.normal(12, 3) + 0.5)


globals().update(usual_checks(oracle.moment_penalty, lambda draw: (draw.normal(20, 3),), rtol=1e-9))
