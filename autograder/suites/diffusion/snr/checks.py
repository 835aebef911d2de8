"""Hidden checks: signal-to-noise ratio."""

import math

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.snr import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def inputs(draw, *shape):
    return draw.uniform(*shape, low=0.02, high=0.98)


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 4), (2, 1, 3), ()])
def test_values(student, draw, shape):
    """is the ratio of the variances, for any shape"""
    alpha_bar = inputs(draw, *shape)
    close(student.snr(alpha_bar), oracle.snr(alpha_bar), rtol=1e-6)


@pytest.mark.parametrize("power", [-3, -8, -20])
def test_near_the_ends(student, draw, power):
    """is right to all digits where there is hardly any signal, or hardly any noise"""
    small = draw.uniform(4, low=1, high=9) * 10.0**power
    close(student.snr(small) / small, 1 / (1 - small), rtol=1e-6)
    if power > -12:
        great = 1 - small
        close(student.snr(great) * (1 - great), great, rtol=1e-6)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to alpha_bar"""
    same_gradients(student.snr, oracle.snr, inputs(draw, 6))


@aspect("edges")
def test_ends(student, draw):
    """is 0 without a signal and infinite without noise"""
    once_right(student.snr(inside := inputs(draw, 3)), oracle.snr(inside))
    found = student.snr(torch.tensor([0.0, 1.0], dtype=torch.float64))
    close(found, torch.tensor([0.0, math.inf]))


@aspect("edges")
def test_gradient_without_signal(student, draw):
    """has a finite gradient without a signal"""
    once_right(student.snr(inside := inputs(draw, 3)), oracle.snr(inside))
    inside[1] = 0
    same_gradients(student.snr, lambda x: (1 - x).reciprocal() - 1, inside)


globals().update(usual_checks(oracle.snr, lambda draw: (inputs(draw, 4, 3),)))
