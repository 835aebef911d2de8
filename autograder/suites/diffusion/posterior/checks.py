"""Hidden checks: q(x_{t-1} | x_t, x_0)."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, once_right, same_gradients, usual_checks
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.posterior import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def inputs(draw, shape, n_steps=7):
    t = process.steps(draw, shape[0], n_steps)
    return draw.normal(*shape), draw.normal(*shape), t, process.betas(draw, n_steps)


def agree(student, *given, **options):
    close(student.posterior(*given), oracle.posterior(*given), **({"rtol": 1e-6} | options))


def judged(student, draw):
    given = inputs(draw, (4, 3))
    once_right(student.posterior(*given), oracle.posterior(*given))
    return given


@pytest.mark.parametrize("shape", [*process.SHAPES, (3, 3, 3, 3)])
def test_values(student, draw, shape):
    """agrees with Gaussian conditioning, each sample at its own step, for any axes"""
    agree(student, *inputs(draw, shape))


@pytest.mark.parametrize("part", [0, 1], ids=["mean", "variance"])
def test_parts(student, draw, part):
    """has the right mean, and the right variance"""
    given = inputs(draw, (6, 2))
    close(student.posterior(*given)[part], oracle.posterior(*given)[part], rtol=1e-6)


def test_small_steps(student, draw):
    """is right at the first steps of a real schedule, where beta_tilde is well below beta"""
    betas = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)[:6]
    x_0, x_t = draw.normal(6, 2, 2), draw.normal(6, 2, 2)
    t = torch.arange(6)
    agree(student, x_0, x_t, t, betas, rtol=1e-5, atol=1e-9)
    _, variance = student.posterior(x_0, x_t, t, betas)
    close(variance[1:] / betas[1:], oracle.posterior(x_0, x_t, t, betas)[1][1:] / betas[1:])


def test_data(student, draw):
    """gives the data without any variance at t = 0"""
    x_0, x_t, _, betas = inputs(draw, (3, 4))
    mean, variance = student.posterior(x_0, x_t, torch.zeros(3, dtype=torch.int64), betas)
    close(mean, x_0, rtol=1e-9, atol=1e-9)
    close(variance, torch.zeros(3), atol=1e-12)


def test_float32_images(student, draw):
    """gives float32 for float32 images and a float64 schedule"""
    given = process.mixed_precision(*inputs(draw, (4, 1, 3, 3)), schedule=3)
    found = student.posterior(*given)
    once_right(found, oracle.posterior(*given))
    for part in found:
        has_dtype(part, torch.float32)


@aspect("gradients")
@pytest.mark.parametrize("part", [0, 1], ids=["mean", "variance"])
def test_gradients(student, draw, part):
    """sends the right gradients to the data, x_t and the betas, also with t = 0 in the batch"""
    x_0, x_t, t, betas = inputs(draw, (5, 3))
    if part == 0:
        same_gradients(
            lambda x_0, x_t, betas: student.posterior(x_0, x_t, t, betas)[0],
            lambda x_0, x_t, betas: oracle.posterior(x_0, x_t, t, betas)[0],
            *(x_0, x_t, betas),
        )
    else:
        same_gradients(
            lambda betas: student.posterior(x_0, x_t, t, betas)[1],
            lambda betas: oracle.posterior(x_0, x_t, t, betas)[1],
            betas,
        )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (1,)])
def test_one(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    agree(student, *inputs(draw, shape))


@aspect("edges")
def test_one_step(student, draw):
    """works for a schedule of one step"""
    judged(student, draw)
    agree(student, *inputs(draw, (2, 3), 1))


@aspect("edges")
@pytest.mark.parametrize("step", [1, 6])
def test_ends(student, draw, step):
    """is right at the second and at the last step"""
    x_0, x_t, _, betas = judged(student, draw)
    agree(student, x_0, x_t, torch.full((4,), step), betas)


@aspect("edges")
def test_precision(student, draw):
    """forms its coefficients in the precision of the schedule, before they go to float32"""
    judged(student, draw)
    betas = draw.uniform(4, low=1e-7, high=9e-7)
    x_0, x_t, t = torch.ones(4, 3), torch.full((4, 3), 3.0), torch.arange(4)
    mean, variance = student.posterior(x_0, x_t, t, betas)
    wide = oracle.posterior(x_0.double(), x_t.double(), t, betas)
    close(mean, wide[0], rtol=1e-4)
    close(variance / betas, wide[1] / betas, rtol=1e-4)


globals().update(usual_checks(oracle.posterior, lambda draw: inputs(draw, (4, 3, 2, 3))))
