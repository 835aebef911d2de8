"""Hidden checks: alpha_bar."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, once_right, same_gradients, usual_checks
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.alpha_bars import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


@pytest.mark.parametrize("n_steps", [2, 3, 12])
def test_values(student, draw, n_steps):
    """is the product of what each step leaves"""
    betas = process.betas(draw, n_steps)
    close(student.alpha_bars(betas), oracle.alpha_bars(betas), rtol=1e-6)


def test_small(student, draw):
    """is right for the small betas of real schedules"""
    betas = draw.uniform(200, low=1e-4, high=0.02)
    close(student.alpha_bars(betas), oracle.alpha_bars(betas), rtol=1e-6)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the betas"""
    same_gradients(student.alpha_bars, oracle.alpha_bars, process.betas(draw, 6))


@aspect("edges")
def test_one_step(student, draw):
    """works for a schedule of one step"""
    once_right(student.alpha_bars(betas := process.betas(draw, 4)), oracle.alpha_bars(betas))
    close(student.alpha_bars(betas[:1]), 1 - betas[:1], rtol=1e-6)


@aspect("edges")
def test_zero(student, draw):
    """takes steps that add nothing, and large ones"""
    betas = process.betas(draw, 6)
    once_right(student.alpha_bars(betas), oracle.alpha_bars(betas))
    betas[[0, 3]], betas[4] = 0.0, 0.999
    close(student.alpha_bars(betas), oracle.alpha_bars(betas), rtol=1e-6)


@aspect("edges")
def test_precision(student, draw):
    """forms the product of a float32 schedule in float64, and gives float32"""
    betas = draw.uniform(1000, low=1e-4, high=0.01, dtype=torch.float32)
    found, expected = student.alpha_bars(betas), torch.cumprod(1 - betas.double(), 0)
    once_right(found, expected)
    has_dtype(found, torch.float32)
    close(found, expected, rtol=3e-7, atol=0)


globals().update(usual_checks(oracle.alpha_bars, lambda draw: (process.betas(draw, 5),)))
