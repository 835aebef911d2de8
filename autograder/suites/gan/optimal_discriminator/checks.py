"""Hidden checks: the optimal discriminator on N points."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.distributions import followed_by, probabilities
from autograder.suites.gan.optimal_discriminator import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agree(student, p_data, p_g):
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))


def test_values(student, draw):
    """is right for random distributions"""
    agree(student, probabilities(draw), probabilities(draw))


@after(test_values)
def test_one_is_zero(student, draw):
    """is right where only one of the two has any mass"""
    agree(student, probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7)))


@after(test_values)
def test_both_are_zero(student, draw):
    """gives one half where both are zero, and only there"""
    agree(student, probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 5, 7)))


@after(test_values)
def test_tails(student, draw):
    """is right in the far tails, where both densities are tiny"""
    p_data, p_g = 1e-12 * draw.uniform(6, low=0.1), 1e-12 * draw.uniform(6, low=0.1)
    p_data[3:], p_g[3:] = 1e-18 * p_data[3:], 1e-18 * p_g[3:]
    agree(student, p_data, p_g)
    close(
        student.optimal_discriminator(p_data.float(), p_g.float()),
        oracle.optimal_discriminator(p_data, p_g),
    )


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradients to both densities where both are positive"""
    same_gradients(
        student.optimal_discriminator,
        oracle.optimal_discriminator,
        probabilities(draw),
        probabilities(draw),
    )


@aspect("gradients")
@after(test_values)
def test_gradients_beside_zeros(student, draw):
    """sends the right gradients where both densities are positive, beside points without mass"""

    def beside_zeros(function):
        return lambda p_data, p_g: function(
            followed_by(p_data, 0.0, 0.0, 0.1), followed_by(p_g, 0.0, 0.2, 0.0)
        )

    same_gradients(
        beside_zeros(student.optimal_discriminator),
        beside_zeros(oracle.optimal_discriminator),
        probabilities(draw, 5),
        probabilities(draw, 5),
    )


@aspect("edges")
@after(test_one_is_zero)
def test_certain(student, draw):
    """is entirely certain where only one of the two has any mass"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    d = student.optimal_discriminator(p_data, p_g)[[0, 1, 4, 7]]
    close(d, torch.tensor([0.0, 1.0, 0.0, 1.0]), rtol=0.0, atol=1e-12)


@aspect("edges")
@after(test_values)
def test_densities(student, draw):
    """takes densities as well, which need not sum to one and may be large"""
    agree(student, draw.uniform(7, low=0.1, high=30.0), draw.uniform(7, low=0.1, high=5.0))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("n", [1, 2, 300])
def test_sizes(student, draw, n):
    """is right for any number of points, one included"""
    agree(student, draw.uniform(n, low=0.1), draw.uniform(n, low=0.1))


@aspect("conventions")
@after(test_both_are_zero)
def test_empty_points(student, draw):
    """gives the one half where both are zero in the precision and on the device of its inputs"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(0, 7))
    has_dtype(student.optimal_discriminator(p_data.float(), p_g.float()), torch.float32)
    follows_device(student.optimal_discriminator, oracle.optimal_discriminator, p_data, p_g)


globals().update(
    usual_checks(
        oracle.optimal_discriminator,
        lambda draw: (probabilities(draw), probabilities(draw)),
    )
)
