"""Hidden checks: the optimal discriminator on N points."""

import torch

from autograder.checks import (
    close,
    has_dtype,
    has_shape,
    is_true,
    same_gradients,
    usual_checks,
    weight,
)
from autograder.suites.gan.gan_value import oracle as gan_value_oracle
from autograder.suites.gan.optimal_discriminator import oracle


def probabilities(draw, n=9, empty=()):
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


@weight(3)
def test_values(student, draw):
    """is right for random distributions"""
    p_data, p_g = probabilities(draw), probabilities(draw)
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))


@weight(2)
def test_maximises(student, draw):
    """has the highest value of all discriminators near it"""
    p_data, p_g = probabilities(draw), probabilities(draw)
    d = student.optimal_discriminator(p_data, p_g)
    has_shape(d, 9)
    best = float(gan_value_oracle.gan_value(p_data, p_g, d))
    for _ in range(10):
        other = (torch.logit(d) + 0.1 * draw.normal(9)).sigmoid()
        is_true(float(gan_value_oracle.gan_value(p_data, p_g, other)) < best)


@weight(2)
def test_one_is_zero(student, draw):
    """is right where only one of the two has any mass"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))


@weight(2)
def test_both_are_zero(student, draw):
    """gives one half where both are zero, and only there"""
    p_data, p_g = probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 5, 7))
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))
    has_dtype(student.optimal_discriminator(p_data.float(), p_g.float()), torch.float32)


@weight(2)
def test_tails(student, draw):
    """is right in the far tails, where both densities are tiny"""
    p_data, p_g = 1e-12 * draw.uniform(6, low=0.1), 1e-12 * draw.uniform(6, low=0.1)
    p_data[3:], p_g[3:] = 1e-18 * p_data[3:], 1e-18 * p_g[3:]
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))
    close(
        student.optimal_discriminator(p_data.float(), p_g.float()),
        oracle.optimal_discriminator(p_data, p_g),
    )


def test_gradients(student, draw):
    """sends the right gradients to both densities"""
    same_gradients(
        student.optimal_discriminator,
        oracle.optimal_discriminator,
        probabilities(draw),
        probabilities(draw),
    )


def test_densities(student, draw):
    """takes densities as well, which need not sum to one and may be large"""
    p_data, p_g = draw.uniform(7, low=0.1, high=30.0), draw.uniform(7, low=0.1, high=5.0)
    close(student.optimal_discriminator(p_data, p_g), oracle.optimal_discriminator(p_data, p_g))


globals().update(
    usual_checks(
        oracle.optimal_discriminator,
        lambda draw: (probabilities(draw), probabilities(draw)),
        atol=1e-12,
    )
)
