"""Hidden checks: the value of the game on N points."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.gan_value import oracle
from autograder.suites.gan.optimal_discriminator import oracle as optimal_discriminator_oracle


def probabilities(draw, n=9, empty=()):
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


@weight(3)
def test_values(student, draw):
    """is right for any discriminator, the best or not"""
    p_data, p_g, d = probabilities(draw), probabilities(draw), draw.uniform(9, low=0.05, high=0.95)
    close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


@weight(2)
def test_at_the_optimum(student, draw):
    """is right at the optimal discriminator, where zeros make it certain"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    d = optimal_discriminator_oracle.optimal_discriminator(p_data, p_g)
    close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


@weight(2)
def test_zero_log_zero(student, draw):
    """counts 0 log 0 as 0, where real, fake or both have no mass"""
    p_data, p_g, d = (
        probabilities(draw, empty=(0, 4, 5)),
        probabilities(draw, empty=(0, 1, 7)),
        draw.uniform(9, low=0.05, high=0.95),
    )
    d[4], d[5], d[1], d[7] = 0, 0, 1, 1
    for end in (0, 1):
        d[0] = end
        close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


@weight(2)
def test_one_is_zero(student, draw):
    """is right where only real or only fake images come and the discriminator is not certain"""
    p_data, p_g, d = (
        probabilities(draw, empty=(0, 4)),
        probabilities(draw, empty=(1, 7)),
        draw.uniform(9, low=0.05, high=0.95),
    )
    close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


@weight(2)
def test_nearly_certain(student, draw):
    """charges in full for a discriminator that is nearly certain and wrong"""
    p_data, p_g, d = probabilities(draw), probabilities(draw), draw.uniform(9, low=0.05, high=0.95)
    d[:3] = torch.tensor([1e-6, 1e-12, 1e-30], dtype=torch.float64)
    d[3] = 1 - 2.0**-40
    close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


def test_impossible(student, draw):
    """is minus infinity when the discriminator rules out what happens"""
    p_data, p_g = probabilities(draw), probabilities(draw)
    for index, end in ((2, 0), (5, 1)):
        d = draw.uniform(9, low=0.05, high=0.95)
        d[index] = end
        close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both distributions and to the discriminator"""
    same_gradients(
        student.gan_value,
        oracle.gan_value,
        probabilities(draw),
        probabilities(draw),
        draw.uniform(9, low=0.05, high=0.95),
    )


def points(draw):
    """Points of which some are without real mass, or without fake mass."""
    p_data, p_g = probabilities(draw, empty=(2,)), probabilities(draw, empty=(3,))
    d = draw.uniform(9, low=0.1, high=0.9)
    d[2], d[3] = 0, 1
    return p_data, p_g, d


globals().update(usual_checks(oracle.gan_value, points))
