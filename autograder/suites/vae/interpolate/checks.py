"""Hidden checks: the line between two codes."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.interpolate import oracle


@weight(3)
def test_values(student, draw):
    """gives the code that belongs to each a, for unevenly spaced values in any order"""
    z_1, z_2, a = draw.normal(4), draw.normal(4), draw.uniform(7)
    close(student.interpolate(z_1, z_2, a), oracle.interpolate(z_1, z_2, a))


def test_square(student, draw):
    """is not confused when there are as many values of a as latents"""
    z_1, z_2, a = draw.normal(5), draw.normal(5), draw.uniform(5)
    close(student.interpolate(z_1, z_2, a), oracle.interpolate(z_1, z_2, a))


@weight(2)
def test_ends(student, draw):
    """starts and ends at the codes that were given"""
    z_1, z_2 = draw.normal(6), draw.normal(6)
    close(
        student.interpolate(z_1, z_2, torch.tensor([1.0, 0.0], dtype=torch.float64)),
        torch.stack([z_1, z_2]),
    )


def test_beyond(student, draw):
    """goes on along the line when a is outside 0..1"""
    z_1, z_2, a = (
        draw.normal(4),
        draw.normal(4),
        torch.tensor([-0.7, 1.4, 2.0], dtype=torch.float64),
    )
    close(student.interpolate(z_1, z_2, a), oracle.interpolate(z_1, z_2, a))


def test_single(student, draw):
    """returns one row for a single value of a"""
    z_1, z_2, a = draw.normal(4), draw.normal(4), draw.uniform(1)
    close(student.interpolate(z_1, z_2, a), oracle.interpolate(z_1, z_2, a))


def test_gradients(student, draw):
    """sends the right gradients to both codes"""
    a = draw.uniform(3)
    same_gradients(
        lambda z_1, z_2: student.interpolate(z_1, z_2, a),
        lambda z_1, z_2: oracle.interpolate(z_1, z_2, a),
        draw.normal(4),
        draw.normal(4),
    )


globals().update(
    usual_checks(oracle.interpolate, lambda draw: (draw.normal(4), draw.normal(4), draw.uniform(3)))
)
