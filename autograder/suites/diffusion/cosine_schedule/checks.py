"""Hidden checks: the cosine schedule."""

import math

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, is_true, once_right
from autograder.suites.diffusion.cosine_schedule import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


@pytest.mark.parametrize("n_steps", [5, 50, 1000])
def test_defaults(student, draw, n_steps):
    """agrees with the paper for its own offset and maximum, whatever the number of steps"""
    close(student.cosine_schedule(n_steps), oracle.cosine_schedule(n_steps), rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("n_steps", [3, 8, 20])
def test_offset(student, draw, n_steps):
    """takes the offset that it is given"""
    s = float(draw.uniform(low=0.05, high=0.5))
    close(student.cosine_schedule(n_steps, s), oracle.cosine_schedule(n_steps, s), rtol=1e-6)


def test_maximum(student, draw):
    """cuts the betas at the maximum that it is given, and only those above"""
    max_beta = float(draw.uniform(low=0.2, high=0.5))
    given = 12, 0.01, max_beta
    close(student.cosine_schedule(*given), oracle.cosine_schedule(*given), rtol=1e-6)


def test_products(student, draw):
    """leaves of the image what the cosine says, but for the last step"""
    s, n_steps = float(draw.uniform(low=0.01, high=0.1)), 17
    betas = student.cosine_schedule(n_steps, s)
    close(betas, oracle.cosine_schedule(n_steps, s), rtol=1e-6)
    at = [(k / n_steps + s) / (1 + s) * math.pi / 2 for k in range(n_steps)]
    f = torch.tensor(at, dtype=torch.float64).cos().square()
    close(torch.cumprod(1 - betas.double(), 0)[:-1], f[1:] / f[0], rtol=1e-5)


@aspect("edges")
def test_no_offset(student, draw):
    """works without an offset, too"""
    once_right(student.cosine_schedule(9), oracle.cosine_schedule(9))
    close(student.cosine_schedule(9, 0.0), oracle.cosine_schedule(9, 0.0), rtol=1e-6)


@aspect("edges")
@pytest.mark.parametrize("max_beta", [0.999, 0.3])
def test_one_step(student, draw, max_beta):
    """works for a schedule of one step"""
    once_right(student.cosine_schedule(9), oracle.cosine_schedule(9))
    close(student.cosine_schedule(1, 0.008, max_beta), torch.tensor([max_beta]), rtol=1e-6)


@aspect("conventions")
def test_dtype(student, draw):
    """is float64, in all its digits"""
    betas, expected = student.cosine_schedule(1000), oracle.cosine_schedule(1000)
    once_right(betas, expected)
    has_dtype(betas, torch.float64)
    close(betas, expected, rtol=1e-9, atol=1e-12)
    is_true(not betas.requires_grad)
