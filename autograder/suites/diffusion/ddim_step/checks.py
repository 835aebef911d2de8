"""Hidden checks: a step of DDIM."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.ddim_step import oracle
from autograder.suites.diffusion.noisy_data import ONES, SHAPES, exact_noise, levels

ASPECTS = {"values": 0.65, "gradients": 0.12, "edges": 0.15, "conventions": 0.08}

ETAS = pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])


def pair(draw, n):
    """alpha_bar_t and a larger alpha_bar_s for each sample."""
    before = levels(draw, n, 0.05, 0.6)
    return before, before + (0.98 - before) * draw.uniform(n, low=0.2, high=0.95)


def given(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), *pair(draw, shape[0])


def agree(student, *args):
    close(student.ddim_step(*args), oracle.ddim_step(*args))


def right_in_general(student, draw):
    for eta in (0.0, 0.5):
        args = *given(draw, 4, 3), eta, draw.normal(4, 3)
        once_right(student.ddim_step(*args), oracle.ddim_step(*args))


@ETAS
@SHAPES
def test_values(student, draw, eta, shape):
    """is right for any two levels, which differ between samples, and any axes"""
    agree(student, *given(draw, *shape), eta, draw.normal(*shape))


def test_posterior(student, draw):
    """is the step of DDPM, mean and variance of q(x_s | x_t, x_0), for eta = 1 and neighbours"""
    n = 5
    before = levels(draw, n, 0.3, 0.9)
    alpha = draw.uniform(n, low=0.9, high=0.99)
    after, beta = before / alpha, 1 - alpha
    x_0, x_t, noise = draw.normal(n, 3), draw.normal(n, 3), draw.normal(n, 3)
    eps = (x_t - before.sqrt()[:, None] * x_0) / (1 - before).sqrt()[:, None]
    mean = (after.sqrt() * beta / (1 - before))[:, None] * x_0
    mean = mean + (alpha.sqrt() * (1 - after) / (1 - before))[:, None] * x_t
    deviation = ((1 - after) / (1 - before) * beta).sqrt()[:, None]
    found = student.ddim_step(x_t, eps, before, after, 1.0, noise)
    close(found, mean + deviation * noise)


@ETAS
def test_variance(student, draw, eta):
    """has as much noise as x_s should have, old and new together"""
    before, after = pair(draw, 6)
    zero, one = torch.zeros(6, 1).double(), torch.ones(6, 1).double()
    x_0 = draw.normal(6, 1)
    x_t = before.sqrt()[:, None] * x_0

    def of(eps, noise):
        at = x_t + (1 - before).sqrt()[:, None] * eps
        return student.ddim_step(at, eps, before, after, eta, noise)

    still = of(zero, zero)
    close(still, after.sqrt()[:, None] * x_0)
    old, new = of(one, zero) - still, of(zero, one) - still
    close(old.square() + new.square(), (1 - after)[:, None])
    agree(student, x_t, one, before, after, eta, 2 * one)


def test_path(student, draw):
    """keeps data that are known: x_s has the same x_0 and the same noise for eta = 0"""
    before, after = pair(draw, 5)
    x_0, eps = draw.normal(5, 2, 2), draw.normal(5, 2, 2)

    def at(level):
        return level.sqrt()[:, None, None] * x_0 + (1 - level).sqrt()[:, None, None] * eps

    close(student.ddim_step(at(before), eps, before, after), at(after))


@pytest.mark.parametrize("eta", [0.0, 0.7, 1.0])
def test_clean(student, draw, eta):
    """gives x_0 without any noise where the step goes to clean data"""
    x_t, eps, before, _ = given(draw, 4, 3)
    x_0 = (x_t - (1 - before).sqrt()[:, None] * eps) / before.sqrt()[:, None]
    clean = torch.ones(4).double()
    close(student.ddim_step(x_t, eps, before, clean, eta, draw.normal(4, 3)), x_0)


def test_moments(student, draw):
    """leads Gaussian data along their marginals, with and without new noise"""
    mean, variance, n = 0.7, 0.3, 8
    levels_ = torch.linspace(0.02, 0.98, 60).double()
    for eta in (0.0, 1.0):
        # moments instead of samples: each step is linear in x and in the noise
        m, s = levels_[0].sqrt() * mean, levels_[0] * variance + 1 - levels_[0]
        for before, after in zip(levels_[:-1].split(n), levels_[1:].split(n), strict=True):
            probes = []
            for x, z in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
                at = torch.full((len(before),), x, dtype=torch.float64)
                eps = exact_noise(at, before, mean, variance)
                noise = torch.full_like(at, z)
                probes.append(student.ddim_step(at, eps, before, after, eta, noise))
            for shift, scale, new in zip(
                probes[0], probes[1] - probes[0], probes[2] - probes[0], strict=True
            ):
                m, s = shift + scale * m, scale**2 * s + new**2
        last = levels_[-1]
        close(
            torch.stack([m, s]),
            torch.stack([last.sqrt() * mean, last * variance + 1 - last]),
            rtol=0.1,
        )


@aspect("gradients")
@ETAS
def test_gradients(student, draw, eta):
    """sends the right gradients to x_t, to the estimated and to the new noise"""
    x_t, eps, before, after = given(draw, 4, 3)
    noise = draw.normal(4, 3)
    same_gradients(
        lambda x_t, eps_hat, noise: student.ddim_step(x_t, eps_hat, before, after, eta, noise),
        lambda x_t, eps_hat, noise: oracle.ddim_step(x_t, eps_hat, before, after, eta, noise),
        x_t,
        eps,
        noise,
    )


@aspect("gradients")
def test_gradients_at_clean(student, draw):
    """sends finite gradients to x_t and the estimated noise in the step to clean data"""
    x_t, eps, before, _ = given(draw, 4, 3)
    noise, clean = draw.normal(4, 3), torch.ones(4).double()
    same_gradients(
        lambda x_t, eps_hat: student.ddim_step(x_t, eps_hat, before, clean, 1.0, noise),
        lambda x_t, eps_hat: oracle.ddim_step(x_t, eps_hat, before, clean, 1.0, noise),
        x_t,
        eps,
    )


@aspect("edges")
def test_no_noise(student, draw):
    """needs no noise for eta = 0, which is the default, and takes none that it is given"""
    right_in_general(student, draw)
    args = given(draw, 4, 3)
    expected = oracle.ddim_step(*args)
    close(student.ddim_step(*args), expected)
    close(student.ddim_step(*args, 0), expected)
    close(student.ddim_step(*args, 0.0, None), expected)
    close(student.ddim_step(*args, 0.0, 1e6 * draw.normal(4, 3)), expected)


@aspect("edges", spoils=True)
def test_later(student, draw):
    """goes to more noise, too, for eta = 0, with noise given or not"""
    right_in_general(student, draw)
    x_t, eps, before, after = given(draw, 4, 3)
    mixed = torch.where(torch.tensor([True, False, True, False]), before, after)
    other = before + after - mixed
    for args in ((x_t, eps, after, before), (x_t, eps, mixed, other)):
        close(student.ddim_step(*args), oracle.ddim_step(*args))
        close(student.ddim_step(*args, 0.0, draw.normal(4, 3)), oracle.ddim_step(*args))


@aspect("edges")
def test_mixed_ends(student, draw):
    """is right where some samples go to clean data and some do not, and where nothing changes"""
    right_in_general(student, draw)
    x_t, eps, before, after = given(draw, 4, 3)
    noise = draw.normal(4, 3)
    some = torch.where(torch.tensor([True, False, False, True]), 1.0, after)
    agree(student, x_t, eps, before, some, 1.0, noise)
    close(student.ddim_step(x_t, eps, before, before, 1.0, noise), x_t)


@aspect("edges")
def test_large(student, draw):
    """clips nothing"""
    right_in_general(student, draw)
    x_t, eps, before, after = given(draw, 4, 3)
    agree(student, 30 * x_t, 20 * eps, before, after, 0.5, 10 * draw.normal(4, 3))


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    for eta in (0.0, 1.0):
        agree(student, *given(draw, *shape), eta, draw.normal(*shape))


def calls(draw):
    """With new noise and without."""
    yield *given(draw, 3, 2, 4), 0.6, draw.normal(3, 2, 4)
    yield given(draw, 3, 2, 4)


globals().update(usual_checks(oracle.ddim_step, calls))
