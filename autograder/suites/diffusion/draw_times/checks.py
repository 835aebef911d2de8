"""Hidden checks: one step for each sample."""

import pytest
import torch

from autograder.checks import (
    View,
    aspect,
    follows_device,
    has_dtype,
    inputs_unchanged,
    once_right,
    same,
)
from autograder.suites.diffusion.draw_times import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


def inputs(draw, n=40):
    """Numbers that are not at the bounds, where rounding decides."""
    n_steps = 13
    return (draw.integers(0, n_steps, n) + draw.uniform(n, low=0.01, high=0.99)) / n_steps, n_steps


def judged(student, draw):
    given = inputs(draw)
    once_right(student.draw_times(*given), oracle.draw_times(*given))
    return given


@pytest.mark.parametrize("n_steps", [2, 7, 1000])
def test_values(student, draw, n_steps):
    """turns uniform numbers into the steps of their parts of [0, 1)"""
    u = (draw.integers(0, n_steps, 60) + draw.uniform(60, low=0.01, high=0.99)) / n_steps
    same(student.draw_times(u, n_steps), oracle.draw_times(u, n_steps))


def test_whole_range(student, draw):
    """reaches each step, the first and the last one included, equally often"""
    n_steps = 9
    u = (torch.arange(10 * n_steps) + draw.uniform(1, low=0.1, high=0.9)) / (10 * n_steps)
    found = student.draw_times(u, n_steps)
    same(found.bincount(minlength=n_steps), torch.full((n_steps,), 10))


def test_int64(student, draw):
    """gives int64, for float32 and float64"""
    u, n_steps = inputs(draw)
    for given in (u, u.float()):
        found = student.draw_times(given, n_steps)
        same(found, oracle.draw_times(given, n_steps))
        has_dtype(found, torch.int64)


def test_one_for_each(student, draw):
    """gives each sample its own step, from its own number"""
    u, n_steps = inputs(draw, 6)
    one = [student.draw_times(number[None], n_steps) for number in u]
    same(torch.cat(one), oracle.draw_times(u, n_steps))


@aspect("edges")
@pytest.mark.parametrize("n_steps", [1, 2, 200, 1000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_ends(student, draw, n_steps, dtype):
    """stays in 0..n_steps-1 for 0, just below 1, and 1"""
    judged(student, draw)
    below = torch.nextafter(torch.ones((), dtype=dtype), torch.zeros((), dtype=dtype))
    u = torch.stack([torch.zeros((), dtype=dtype), below, torch.ones((), dtype=dtype)])
    same(student.draw_times(u, n_steps), torch.tensor([0, n_steps - 1, n_steps - 1]))


@aspect("edges")
def test_one_sample(student, draw):
    """works for a batch of one"""
    u, n_steps = judged(student, draw)
    same(student.draw_times(u[:1], n_steps), oracle.draw_times(u[:1], n_steps))


@aspect("conventions")
def test_inputs(student, draw):
    """leaves its argument as it was"""
    judged(student, draw)
    inputs_unchanged(student)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its input"""
    u, n_steps = judged(student, draw)
    follows_device(
        lambda u: student.draw_times(u, n_steps), lambda u: oracle.draw_times(u, n_steps), u
    )


@aspect("conventions")
def test_layout(student, draw):
    """gives the same result when its input is not contiguous in memory"""
    u, n_steps = judged(student, draw)
    view = View(torch.stack([u, torch.zeros_like(u)], 1), ("select", 1, 0))
    same(student.draw_times(view, n_steps), oracle.draw_times(u, n_steps))
