"""Hidden checks: one step of the backward chain."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    once_right,
    refuses,
    same_gradients,
    usual_checks,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.ancestral_step import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}

BOTH = pytest.mark.parametrize("variance", ["beta", "beta_tilde"])


def inputs(draw, shape, n_steps=7):
    """x_t, eps_hat, t, noise, betas."""
    x_t, t, eps_hat, _ = process.forward_inputs(draw, shape, n_steps)
    return x_t, eps_hat, t, draw.normal(*shape), process.betas(draw, n_steps)


def agree(student, *given):
    close(student.ancestral_step(*given), oracle.ancestral_step(*given), rtol=1e-6)


def judged(student, draw):
    given = inputs(draw, (4, 3))
    once_right(student.ancestral_step(*given), oracle.ancestral_step(*given))
    return given


@BOTH
@pytest.mark.parametrize("shape", [*process.SHAPES, (3, 3, 3, 3)])
def test_values(student, draw, shape, variance):
    """is the posterior of the predicted image, each sample at its own step, with either variance"""
    agree(student, *inputs(draw, shape), variance)


def test_default(student, draw):
    """takes beta for the variance if it is not told another"""
    agree(student, *inputs(draw, (5, 4)))


@BOTH
def test_no_noise_at_the_end(student, draw, variance):
    """adds no noise at t = 0, and its noise at all other steps"""
    x_t, eps_hat, _, noise, betas = inputs(draw, (6, 3))
    t = torch.tensor([0, 3, 0, 1, 6, 0])
    agree(student, x_t, eps_hat, t, 100 * noise, betas, variance)


@BOTH
def test_small_steps(student, draw, variance):
    """is right at the first steps of a real schedule, where the variances differ"""
    betas = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)[:6]
    x_t, eps_hat, noise = (draw.normal(6, 2, 2) for _ in range(3))
    given = x_t, eps_hat, torch.arange(6), noise, betas, variance
    close(student.ancestral_step(*given), oracle.ancestral_step(*given), rtol=1e-5)


@BOTH
def test_float32_images(student, draw, variance):
    """gives float32 for float32 images and a float64 schedule"""
    given = process.mixed_precision(*inputs(draw, (4, 1, 3, 3)), schedule=4)
    found = student.ancestral_step(*given, variance)
    once_right(found, oracle.ancestral_step(*given, variance))
    has_dtype(found, torch.float32)


@aspect("gradients")
@BOTH
def test_gradients(student, draw, variance):
    """sends the right, finite gradients to x_t, the prediction, the noise and the betas"""
    x_t, eps_hat, t, noise, betas = inputs(draw, (5, 3))

    def of(function):
        return lambda x_t, eps_hat, noise, betas: function(x_t, eps_hat, t, noise, betas, variance)

    same_gradients(
        of(student.ancestral_step), of(oracle.ancestral_step), x_t, eps_hat, noise, betas
    )


@aspect("edges")
@BOTH
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (1,)])
def test_one(student, draw, shape, variance):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    agree(student, *inputs(draw, shape), variance)


@aspect("edges")
@BOTH
def test_one_step(student, draw, variance):
    """works for a schedule of one step"""
    judged(student, draw)
    agree(student, *inputs(draw, (2, 3), 1), variance)


@aspect("edges")
@pytest.mark.parametrize("variance", ["learned", "tilde", ""])
def test_other_variance(student, draw, variance):
    """raises ValueError for another variance"""
    refuses(student.ancestral_step, *judged(student, draw), variance)


@aspect("edges")
def test_large(student, draw):
    """clamps nothing"""
    x_t, eps_hat, t, noise, betas = judged(student, draw)
    agree(student, 50 * x_t, -20 * eps_hat, t, 30 * noise, betas)


@aspect("edges")
@BOTH
def test_precision(student, draw, variance):
    """forms its coefficients in the precision of the schedule, before they go to float32"""
    judged(student, draw)
    betas = draw.uniform(4, low=1e-7, high=9e-7)
    zeros = torch.zeros(4, 3)
    for x_t, eps_hat, noise in ((zeros, zeros + 1, zeros), (zeros, zeros, zeros + 1)):
        given = eps_hat, torch.arange(4), noise, betas, variance
        wide = oracle.ancestral_step(x_t.double(), eps_hat.double(), *given[1:])
        close(student.ancestral_step(x_t, *given) * 1e4, wide * 1e4, rtol=1e-4)


def usual_inputs(draw):
    yield *inputs(draw, (4, 3, 2, 3)), "beta"
    yield *inputs(draw, (4, 3, 2, 3)), "beta_tilde"


globals().update(usual_checks(oracle.ancestral_step, usual_inputs))
