"""Hidden checks: a step of the reverse SDE."""

import math

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.noisy_data import ONES, SHAPES
from autograder.suites.diffusion.reverse_sde_step import oracle

ASPECTS = {"values": 0.65, "gradients": 0.15, "edges": 0.12, "conventions": 0.08}


def given(draw, *shape, dt=0.03):
    x, score, noise = (draw.normal(*shape) for _ in range(3))
    return x, score, draw.uniform(shape[0], low=0.1, high=20), dt, noise


def agree(student, *args):
    close(student.reverse_sde_step(*args), oracle.reverse_sde_step(*args))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    once_right(student.reverse_sde_step(*args), oracle.reverse_sde_step(*args))


@SHAPES
def test_values(student, draw, shape):
    """is right for any axes, each sample at its own rate"""
    agree(student, *given(draw, *shape))


@pytest.mark.parametrize("dt", [1e-3, 0.2, 1.0])
def test_steps(student, draw, dt):
    """is right for small and large steps, with noise whose variance goes with the step"""
    agree(student, *given(draw, 4, 3, dt=dt))


def test_marginals(student, draw):
    """leads Gaussian data back along their marginals, mean and variance"""
    mean, variance, n = 0.8, 0.5, 400
    beta, dt = 8.0, 1 / n
    share = math.exp(-beta)
    m, s = math.sqrt(share) * mean, share * variance + 1 - share
    probe = torch.tensor([0.0, 1.0, 0.0]).double()
    noise = torch.tensor([0.0, 0.0, 1.0]).double()
    # moments instead of samples: a step is linear in x and in the noise; all steps in one call
    times = 1 - torch.arange(n, dtype=torch.float64) * dt
    shares = (-beta * times).exp()
    x = probe.repeat(n, 1)
    score = -(x - shares.sqrt()[:, None] * mean) / (shares * variance + 1 - shares)[:, None]
    rates = torch.full((n,), beta, dtype=torch.float64)
    found = student.reverse_sde_step(x, score, rates, dt, noise.repeat(n, 1))
    close(found, oracle.reverse_sde_step(x, score, rates, dt, noise.repeat(n, 1)))
    for shift, one, new in found:
        m, s = shift + (one - shift) * m, (one - shift) ** 2 * s + (new - shift) ** 2
    close(torch.stack([m, s]), torch.tensor([mean, variance]), rtol=0.05)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the points, to the score and to the noise"""
    x, score, beta, dt, noise = given(draw, 4, 3)
    same_gradients(
        lambda x, score, noise: student.reverse_sde_step(x, score, beta, dt, noise),
        lambda x, score, noise: oracle.reverse_sde_step(x, score, beta, dt, noise),
        x,
        score,
        noise,
    )


@aspect("edges")
def test_ends(student, draw):
    """is right for no rate at all, for high ones, and for large points, scores and noise"""
    right_in_general(student, draw)
    x, score, _, dt, noise = given(draw, 4, 3)
    rates = torch.tensor([0.0, 1e-3, 20.0, 500.0]).double()
    agree(student, 50 * x, 1000 * score, rates, dt, 10 * noise)


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape))


globals().update(usual_checks(oracle.reverse_sde_step, lambda draw: given(draw, 3, 2, 4)))
