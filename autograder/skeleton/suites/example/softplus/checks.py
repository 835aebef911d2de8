"""Hidden checks: a stable softplus. Students see the docstring of each check that fails."""

from autograder.checks import aspect, close, has_dtype, inputs_unchanged, same_gradients
from autograder.suites.example.softplus import oracle

ASPECTS = {"values": 0.5, "gradients": 0.35, "edges": 0.15}


def test_values(student, draw):
    """agrees with the formula on both sides of zero"""
    x = 3 * draw.normal(5, 7)
    close(student.softplus(x), oracle.softplus(x))


def test_large_values(student, draw):
    """stays finite and exact when x is very large or very small"""
    x = 5000 * draw.normal(4, 3)
    close(student.softplus(x), oracle.softplus(x))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to its argument"""
    same_gradients(student.softplus, oracle.softplus, 3 * draw.normal(5, 7))


@aspect("edges")
def test_precision(student, draw):
    """computes in the precision of its argument and leaves it as it was"""
    x = 8 * draw.normal(5, 7)
    close(student.softplus(x), oracle.softplus(x), rtol=1e-10, atol=1e-11)
    inputs_unchanged(student)
    has_dtype(student.softplus(x.float()), x.float().dtype)
