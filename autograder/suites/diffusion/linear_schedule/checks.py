"""Hidden checks: the linear schedule."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, is_true, once_right
from autograder.suites.diffusion.linear_schedule import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}

TIGHT = {"rtol": 1e-9, "atol": 1e-12}


def ends(draw):
    return float(draw.uniform(low=0.001, high=0.1)), float(draw.uniform(low=0.2, high=0.6))


@pytest.mark.parametrize("n_steps", [2, 3, 7, 50])
def test_values(student, draw, n_steps):
    """rises evenly between the two ends"""
    first, last = ends(draw)
    given = n_steps, first, last
    close(student.linear_schedule(*given), oracle.linear_schedule(*given), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("n_steps", [10, 1000])
def test_defaults(student, draw, n_steps):
    """has the ends of Ho et al. if it is not told any, whatever the number of steps"""
    close(student.linear_schedule(n_steps), oracle.linear_schedule(n_steps), rtol=1e-6, atol=1e-10)


def test_falls(student, draw):
    """takes any two ends, also equal or falling ones"""
    for given in ((5, 0.3, 0.1), (4, 0.2, 0.2)):
        close(student.linear_schedule(*given), oracle.linear_schedule(*given), **TIGHT)


def test_fresh(student, draw):
    """gives the schedule that is asked for, whatever it was asked for before"""
    for given in ((5, 0.1, 0.3), (5, 0.2, 0.4), (5, 0.1, 0.3)):
        close(student.linear_schedule(*given), oracle.linear_schedule(*given), rtol=1e-6)


@aspect("edges")
@pytest.mark.parametrize("n_steps", [1, 2])
def test_few(student, draw, n_steps):
    """works for a schedule of one step, which is the first beta, and of two"""
    first, last = ends(draw)
    once_right(student.linear_schedule(5, first, last), oracle.linear_schedule(5, first, last))
    close(
        student.linear_schedule(n_steps, first, last),
        oracle.linear_schedule(n_steps, first, last),
        rtol=1e-6,
    )


@aspect("edges")
def test_ends(student, draw):
    """has ends that are exact"""
    first, last = ends(draw)
    betas = student.linear_schedule(37, first, last)
    once_right(betas, oracle.linear_schedule(37, first, last))
    close(betas[[0, -1]], torch.tensor([first, last], dtype=torch.float64), rtol=1e-12, atol=0)


@aspect("conventions")
def test_dtype(student, draw):
    """is float64, in all its digits"""
    betas = student.linear_schedule(11)
    once_right(betas, oracle.linear_schedule(11))
    has_dtype(betas, torch.float64)
    close(betas, oracle.linear_schedule(11), **TIGHT)
    is_true(not betas.requires_grad)
