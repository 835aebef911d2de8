"""Hidden checks: the line between two codes."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.interpolate import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def agree(student, *given, **tolerance):
    close(student.interpolate(*given), oracle.interpolate(*given), **tolerance)


def ordinary(student, draw):
    given = draw.normal(4), draw.normal(4), torch.linspace(1, 0, 5, dtype=torch.float64)
    once_right(student.interpolate(*given), oracle.interpolate(*given))


def test_values(student, draw):
    """gives the code that belongs to each a, for unevenly spaced values in any order"""
    a = draw.uniform(6)
    agree(student, draw.normal(4), draw.normal(4), torch.cat([a, a[1:3]]))


@aspect("edges")
def test_ends(student, draw):
    """reaches both of the codes that were given, exactly"""
    ordinary(student, draw)
    z_1, z_2 = draw.normal(6), draw.normal(6)
    ends = student.interpolate(z_1, z_2, torch.tensor([1.0, 0.0], dtype=torch.float64))
    close(ends, torch.stack([z_1, z_2]), rtol=1e-8, atol=1e-9)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to both codes"""
    a = draw.uniform(3)
    same_gradients(
        lambda z_1, z_2: student.interpolate(z_1, z_2, a),
        lambda z_1, z_2: oracle.interpolate(z_1, z_2, a),
        draw.normal(4),
        draw.normal(4),
    )


@aspect("edges")
def test_beyond(student, draw):
    """goes on along the line when a is outside 0..1"""
    ordinary(student, draw)
    a = torch.tensor([-0.7, 1.4, 20.0], dtype=torch.float64)
    agree(student, draw.normal(4), draw.normal(4), a)


@aspect("edges")
@pytest.mark.parametrize(("A", "D"), [(1, 4), (4, 1), (1, 1), (5, 5)])
def test_sizes(student, draw, A, D):
    """returns a row for each a when there is one a, one latent, or as many of both"""
    ordinary(student, draw)
    agree(student, draw.normal(D), draw.normal(D), draw.uniform(A))


globals().update(
    usual_checks(oracle.interpolate, lambda draw: (draw.normal(4), draw.normal(4), draw.uniform(3)))
)
