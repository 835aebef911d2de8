"""Hidden checks: q(x_t | x_s)."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, once_right, same_gradients, usual_checks
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.q_between import oracle

ASPECTS = {"values": 0.55, "gradients": 0.2, "edges": 0.15, "conventions": 0.1}


def pairs(draw, n, n_steps, low=0):
    """Steps s < t for n samples, s at least `low`."""
    both = torch.stack([low + draw.permutation(n_steps - low)[:2] for _ in range(n)])
    return both.min(1).values, both.max(1).values


def inputs(draw, shape, n_steps=7, low=0):
    s, t = pairs(draw, shape[0], n_steps, low)
    return draw.normal(*shape), s, t, draw.normal(*shape), process.alpha_bar(draw, n_steps)


def agree(student, *given):
    close(student.q_between(*given), oracle.q_between(*given), rtol=1e-6)


def judged(student, draw):
    given = inputs(draw, (4, 3))
    once_right(student.q_between(*given), oracle.q_between(*given))
    return given


@pytest.mark.parametrize("shape", [*process.SHAPES, (3, 3, 3, 3)])
def test_values(student, draw, shape):
    """agrees with the single steps between s and t, each sample with its own pair"""
    agree(student, *inputs(draw, shape))


def test_data(student, draw):
    """starts from the data where s is -1"""
    x, _, t, eps, alpha_bar = inputs(draw, (5, 2, 3))
    agree(student, x, torch.full((5,), -1), t, eps, alpha_bar)


@pytest.mark.parametrize("first", [0, 1])
def test_mixed(student, draw, first):
    """takes samples that start from the data and others in one batch"""
    x, s, t, eps, alpha_bar = inputs(draw, (6, 4))
    s[first::2] = -1
    t[first] = 0
    agree(student, x, s, t, eps, alpha_bar)


def test_composition(student, draw):
    """leads to the same distribution by one step in between as at once"""
    alpha_bar = process.alpha_bar(draw, 6)
    x, nothing = draw.normal(4, 3), torch.zeros(4, 3, dtype=torch.float64)
    start, middle, end = (torch.tensor(row) for row in ([-1, 0, 1, -1], [0, 2, 2, 3], [2, 3, 5, 5]))
    at_once = oracle.q_between(x, start, end, nothing, alpha_bar)
    halfway = student.q_between(x, start, middle, nothing, alpha_bar)
    close(student.q_between(halfway, middle, end, nothing, alpha_bar), at_once, rtol=1e-6)
    ones = torch.ones_like(x)
    first = student.q_between(nothing, start, middle, ones, alpha_bar)
    moved = student.q_between(first, middle, end, nothing, alpha_bar)
    second = student.q_between(nothing, middle, end, ones, alpha_bar)
    whole = oracle.q_between(nothing, start, end, ones, alpha_bar)
    close(moved.square() + second.square(), whole.square(), rtol=1e-6)


def test_float32_images(student, draw):
    """gives float32 images for a float64 schedule"""
    given = process.mixed_precision(*inputs(draw, (4, 1, 3, 3)), schedule=4)
    found = student.q_between(*given)
    once_right(found, oracle.q_between(*given))
    has_dtype(found, torch.float32)


@aspect("gradients")
@pytest.mark.parametrize("low", [0, -1], ids=["later", "data"])
def test_gradients(student, draw, low):
    """sends the right gradients to what comes in, the noise and the schedule"""
    x_s, s, t, eps, alpha_bar = inputs(draw, (5, 3, 2))
    if low < 0:
        s[::2] = -1
    same_gradients(
        lambda x_s, eps, alpha_bar: student.q_between(x_s, s, t, eps, alpha_bar),
        lambda x_s, eps, alpha_bar: oracle.q_between(x_s, s, t, eps, alpha_bar),
        x_s,
        eps,
        alpha_bar,
    )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (1,)])
def test_one(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    agree(student, *inputs(draw, shape))


@aspect("edges")
def test_one_step(student, draw):
    """works for a schedule of one step, from the data"""
    judged(student, draw)
    x, eps = draw.normal(2, 3), draw.normal(2, 3)
    start, end = torch.tensor([-1, -1]), torch.tensor([0, 0])
    agree(student, x, start, end, eps, process.alpha_bar(draw, 1))


@aspect("edges")
def test_neighbours(student, draw):
    """is a single step of the forward process for neighbouring steps"""
    x, _, _, eps, alpha_bar = judged(student, draw)
    s = torch.tensor([-1, 0, 3, 5])
    agree(student, x, s, s + 1, eps, alpha_bar)


@aspect("edges")
def test_precision(student, draw):
    """forms the ratio in the precision of the schedule, before it goes to float32"""
    judged(student, draw)
    alpha_bar = 0.7 - 1e-7 * draw.uniform(4, low=1, high=2).cumsum(0)
    eps = draw.normal(3, 4, dtype=torch.float32)
    found = student.q_between(
        torch.zeros(3, 4), torch.arange(3), torch.arange(1, 4), eps, alpha_bar
    )
    variance = (alpha_bar[:-1] - alpha_bar[1:]) / alpha_bar[:-1]
    close(found, variance.sqrt()[:, None] * eps, rtol=1e-4, atol=0)


globals().update(usual_checks(oracle.q_between, lambda draw: inputs(draw, (4, 3, 2, 3))))
