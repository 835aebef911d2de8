"""Hidden checks: the straightness of paths."""

import pytest
import torch

from autograder.checks import aspect, close
from autograder.suites.diffusion.probability_paths import Place
from autograder.suites.diffusion.solver_checks import right_in_general, solver_checks
from autograder.suites.diffusion.straightness import oracle

ASPECTS = {"values": 0.55, "graph": 0.2, "edges": 0.17, "conventions": 0.08}


def agree(student, *call):
    close(student.straightness(*call), oracle.straightness(*call))


@pytest.mark.parametrize("n_steps", [1, 4])
def test_straight(student, draw, n_steps):
    """is zero for a velocity that does not change along the path, and with a single step"""
    velocity, x_0 = draw.normal(5, 2), draw.normal(5, 2)
    right_in_general(student, draw, oracle.straightness)
    close(student.straightness(lambda x, t: velocity.to(x), x_0, n_steps), torch.zeros(5))
    close(student.straightness(Place.of(draw, 2), x_0, 1), torch.zeros(5))


def test_clock(student, draw):
    """is positive for a straight line at a speed that changes"""
    speed, x_0 = draw.normal(5, 2), draw.normal(5, 2)
    n = 4  # times 0, 1/4, 1/2, 3/4: the variance of t is 5/64
    found = student.straightness(lambda x, t: t[:, None].to(x) * speed.to(x), x_0, n)
    close(found, speed.square().sum(1) * 5 / 64)


@aspect("edges")
def test_range(student, draw):
    """is right where velocities are large, and where the path is nearly straight"""
    right_in_general(student, draw, oracle.straightness)
    agree(student, lambda x, t: 20 * x, 100 * draw.normal(4, 3), 3)
    offset, net = 1e4 * draw.normal(5, 3), Place.of(draw, 3)
    agree(
        student,
        lambda x, t: offset.to(x) + net(x - t[:, None] * offset.to(x), t),
        draw.normal(5, 3),
        3,
    )


globals().update(solver_checks(oracle.straightness, (0,), "once for each step, from t = 0 on"))
