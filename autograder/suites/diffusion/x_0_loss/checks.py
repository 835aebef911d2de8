"""Hidden checks: the loss on the image."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    has_shape,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.simple_loss import oracle as simple_loss_oracle
from autograder.suites.diffusion.x_0_loss import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def inputs(draw, shape, n_steps=7):
    x_0, t, x_0_hat, alpha_bar = process.forward_inputs(draw, shape, n_steps)
    return x_0_hat, x_0, t, alpha_bar


def agree(student, *given):
    close(student.x_0_loss(*given), oracle.x_0_loss(*given), rtol=1e-6)


def judged(student, draw):
    given = inputs(draw, (4, 3))
    once_right(student.x_0_loss(*given), oracle.x_0_loss(*given))
    return given


@pytest.mark.parametrize("shape", [*process.SHAPES, (3, 3, 3, 3)])
def test_values(student, draw, shape):
    """weighs each sample's mean squared error with the SNR of its step, and averages"""
    agree(student, *inputs(draw, shape))


def test_simple_loss(student, draw):
    """is the simple loss of the noise that belongs to the image"""
    x_0, t, eps, alpha_bar = process.forward_inputs(draw, (5, 2, 3))
    eps_hat = draw.normal(5, 2, 3)
    at = alpha_bar[t][:, None, None]
    x_t = at.sqrt() * x_0 + (1 - at).sqrt() * eps
    x_0_hat = (x_t - (1 - at).sqrt() * eps_hat) / at.sqrt()
    simple = simple_loss_oracle.simple_loss(lambda x, t: eps_hat, x_0, t, eps, alpha_bar)
    close(student.x_0_loss(x_0_hat, x_0, t, alpha_bar), simple, rtol=1e-6)


@pytest.mark.parametrize("max_weight", [0.4, 1.0, 3.0])
def test_maximum(student, draw, max_weight):
    """cuts weights above the maximum, and only those"""
    x_0_hat, x_0, _, _ = inputs(draw, (6, 2, 2))
    alpha_bar = draw.permutation(6) * 0.15 + 0.12 + 0.01 * draw.uniform(6)
    agree(student, x_0_hat, x_0, torch.arange(6), alpha_bar, max_weight)


def test_large_weights(student, draw):
    """is right at the first steps of a real schedule, where the weights are large"""
    alpha_bar = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64), 0)
    x_0_hat, x_0, _, _ = inputs(draw, (8, 3))
    agree(student, x_0_hat, x_0, torch.tensor([0, 1, 2, 5, 9, 100, 500, 999]), alpha_bar)


def test_float32_images(student, draw):
    """gives float32 for float32 images and a float64 schedule"""
    given = process.mixed_precision(*inputs(draw, (4, 1, 3, 3)), schedule=3)
    found = student.x_0_loss(*given)
    once_right(found, oracle.x_0_loss(*given))
    has_dtype(found, torch.float32)


@aspect("gradients")
@pytest.mark.parametrize("max_weight", [float("inf"), 0.7])
def test_gradients(student, draw, max_weight):
    """sends the right gradients to both images and the schedule"""
    x_0_hat, x_0, t, alpha_bar = inputs(draw, (5, 3))
    same_gradients(
        lambda x_0_hat, x_0, alpha_bar: student.x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight),
        lambda x_0_hat, x_0, alpha_bar: oracle.x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight),
        *(x_0_hat, x_0, alpha_bar),
    )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (1,)])
def test_one(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    given = inputs(draw, shape)
    agree(student, *given)
    has_shape(student.x_0_loss(*given))


@aspect("edges")
def test_whole_maximum(student, draw):
    """takes a maximum that is a whole number, and one of 0"""
    given = judged(student, draw)
    for max_weight in (1, 0):
        agree(student, *given, max_weight)


@aspect("edges")
def test_precision(student, draw):
    """forms the weight in the precision of the schedule, before it goes to float32"""
    judged(student, draw)
    alpha_bar = 1 - draw.uniform(3, low=1e-7, high=9e-7)
    x_0_hat, x_0 = torch.full((3, 2), 1e-3), torch.zeros(3, 2)
    found = student.x_0_loss(x_0_hat, x_0, torch.arange(3), alpha_bar)
    close(found, 1e-6 * (alpha_bar / (1 - alpha_bar)).mean(), rtol=1e-4)


globals().update(usual_checks(oracle.x_0_loss, lambda draw: inputs(draw, (4, 3, 2, 3))))
