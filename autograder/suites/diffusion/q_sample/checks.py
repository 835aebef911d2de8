"""Hidden checks: q(x_t | x_0)."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, once_right, same_gradients, usual_checks
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.q_sample import oracle

ASPECTS = {"values": 0.35, "images": 0.25, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def agree(student, *given):
    close(student.q_sample(*given), oracle.q_sample(*given), rtol=1e-6)


@pytest.mark.parametrize("shape", process.SHAPES)
def test_values(student, draw, shape):
    """agrees with the closed form, each sample at its own step, for any axes after the batch"""
    agree(student, *process.forward_inputs(draw, shape))


@pytest.mark.parametrize("shape", [(3, 3, 4, 4), (4, 4), (2, 2, 2)])
def test_equal_sizes(student, draw, shape):
    """takes the steps along the batch, also if other axes are as long"""
    agree(student, *process.forward_inputs(draw, shape))


@aspect("images")
def test_float32_images(student, draw):
    """gives float32 images for a float64 schedule"""
    given = process.mixed_precision(*process.forward_inputs(draw, (4, 1, 5, 5)), schedule=3)
    found = student.q_sample(*given)
    once_right(found, oracle.q_sample(*given))
    has_dtype(found, torch.float32)


@aspect("images")
def test_images(student, draw):
    """is right for a batch of images and a thousand steps"""
    x_0, eps = draw.normal(16, 1, 8, 8), draw.normal(16, 1, 8, 8)
    alpha_bar = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64), 0)
    agree(student, x_0, process.steps(draw, 16, 1000), eps, alpha_bar)


@aspect("gradients")
@pytest.mark.parametrize("shape", [(4, 2, 3, 2), (5,)])
def test_gradients(student, draw, shape):
    """sends the right gradients to the data, the noise and the schedule"""
    x_0, t, eps, alpha_bar = process.forward_inputs(draw, shape)
    same_gradients(
        lambda x_0, eps, alpha_bar: student.q_sample(x_0, t, eps, alpha_bar),
        lambda x_0, eps, alpha_bar: oracle.q_sample(x_0, t, eps, alpha_bar),
        x_0,
        eps,
        alpha_bar,
    )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (1,)])
def test_one(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    given = process.forward_inputs(draw, (3, 2))
    once_right(student.q_sample(*given), oracle.q_sample(*given))
    agree(student, *process.forward_inputs(draw, shape))


@aspect("edges")
@pytest.mark.parametrize("step", [0, 5])
def test_ends(student, draw, step):
    """takes the first and the last step as they are numbered, from 0 to T - 1"""
    given = process.forward_inputs(draw, (3, 2), 6)
    once_right(student.q_sample(*given), oracle.q_sample(*given))
    x_0, _, eps, alpha_bar = given
    agree(student, x_0, torch.full((3,), step), eps, alpha_bar)


@aspect("edges")
def test_precision(student, draw):
    """forms 1 - alpha_bar before it goes to float32, where it would lose most digits"""
    given = process.forward_inputs(draw, (3, 2), 6)
    once_right(student.q_sample(*given), oracle.q_sample(*given))
    alpha_bar = 1 - draw.uniform(3, low=1e-7, high=9e-7)
    eps = draw.normal(3, 4, dtype=torch.float32)
    found = student.q_sample(torch.zeros(3, 4), torch.arange(3), eps, alpha_bar)
    close(found, (1 - alpha_bar).sqrt()[:, None] * eps, rtol=1e-4, atol=0)


globals().update(
    usual_checks(oracle.q_sample, lambda draw: process.forward_inputs(draw, (4, 3, 2, 3)))
)
