"""Hidden checks: samples by Heun's method."""

import pytest

from autograder.checks import aspect, close
from autograder.suites.diffusion.heun_sample import oracle
from autograder.suites.diffusion.solver_checks import has_order, right_in_general, solver_checks

ASPECTS = {"values": 0.55, "graph": 0.2, "edges": 0.17, "conventions": 0.08}


def agree(student, *call):
    close(student.heun_sample(*call), oracle.heun_sample(*call))


@pytest.mark.parametrize("n_steps", [1, 4, 7])
def test_growth(student, draw, n_steps):
    """multiplies by the same number in each step of the field v(x, t) = x"""
    x_0 = draw.normal(5, 2)
    close(
        student.heun_sample(lambda x, t: x, x_0, n_steps),
        (1 + 1 / n_steps + 0.5 / n_steps**2) ** n_steps * x_0,
    )


def test_order(student, draw):
    """has an error that falls with the second power of the step"""
    has_order(student.heun_sample, draw, 2)


@aspect("edges")
def test_range(student, draw):
    """lets samples grow as the field has it"""
    right_in_general(student, draw, oracle.heun_sample)
    agree(student, lambda x, t: 5 * x, 100 * draw.normal(4, 3), 3)


globals().update(solver_checks(oracle.heun_sample, (0, 1), "twice for each step, from t = 0 to 1"))
