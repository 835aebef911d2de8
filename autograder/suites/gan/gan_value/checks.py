"""Hidden checks: the value of the game on N points."""

import pytest
import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.gan.distributions import followed_by, probabilities
from autograder.suites.gan.gan_value import oracle
from autograder.suites.gan.optimal_discriminator import oracle as optimal_discriminator_oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def uncertain(draw, n=9):
    """A discriminator that is sure of nothing."""
    return draw.uniform(n, low=0.05, high=0.95)


def agree(student, p_data, p_g, d):
    close(student.gan_value(p_data, p_g, d), oracle.gan_value(p_data, p_g, d))


def test_values(student, draw):
    """is right for any discriminator, the best or not"""
    agree(student, probabilities(draw), probabilities(draw), uncertain(draw))


@after(test_values)
def test_at_the_optimum(student, draw):
    """is right at the optimal discriminator, where zeros make it certain"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    agree(student, p_data, p_g, optimal_discriminator_oracle.optimal_discriminator(p_data, p_g))


@after(test_values)
def test_zero_log_zero(student, draw):
    """counts 0 log 0 as 0, where real, fake or both have no mass"""
    p_data, p_g = probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 1, 7))
    d = uncertain(draw)
    d[4], d[5], d[1], d[7] = 0, 0, 1, 1
    for end in (0, 1):
        d[0] = end
        agree(student, p_data, p_g, d)


@after(test_values)
def test_one_is_zero(student, draw):
    """is right where only real or only fake images come and the discriminator is not certain"""
    p_data, p_g = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    agree(student, p_data, p_g, uncertain(draw))


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradients to both distributions and to the discriminator"""
    given = probabilities(draw), probabilities(draw), uncertain(draw)
    same_gradients(student.gan_value, oracle.gan_value, *given)


@aspect("gradients")
@after(test_values)
def test_gradients_beside_zeros(student, draw):
    """sends the right gradients where nothing is 0 or 1, though at other points 0 log 0 occurs"""

    def beside_zeros(function):
        return lambda p_data, p_g, d: function(
            followed_by(p_data, 0.0, 0.1, 0.0, 0.0),
            followed_by(p_g, 0.2, 0.0, 0.0, 0.0),
            followed_by(d, 0.0, 1.0, 1.0, 0.0),
        )

    same_gradients(
        beside_zeros(student.gan_value),
        beside_zeros(oracle.gan_value),
        *(0.8 * probabilities(draw, 5), 0.9 * probabilities(draw, 5), uncertain(draw, 5)),
    )


@aspect("edges")
@after(test_values)
def test_nearly_certain(student, draw):
    """charges in full for a discriminator that is nearly certain and wrong"""
    p_data, p_g, d = probabilities(draw), probabilities(draw), uncertain(draw)
    d[:3] = torch.tensor([1e-6, 1e-12, 1e-30], dtype=torch.float64)
    d[3] = 1 - 2.0**-40
    agree(student, p_data, p_g, d)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("end", [0, 1])
def test_impossible(student, draw, end):
    """is minus infinity when the discriminator rules out what happens, however seldom that is"""
    for index, p in ((2, 0.1), (5, 1e-12)):
        p_data, p_g, d = probabilities(draw), probabilities(draw), uncertain(draw)
        p_data[index] = p_g[index] = p
        d[index] = end
        agree(student, p_data / p_data.sum(), p_g / p_g.sum(), d)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("n", [1, 2, 300])
def test_sizes(student, draw, n):
    """is right for any number of points, one included"""
    agree(student, probabilities(draw, n), probabilities(draw, n), uncertain(draw, n))


def points(draw):
    """Points of which some are without real mass, or without fake mass."""
    p_data, p_g = probabilities(draw, empty=(2,)), probabilities(draw, empty=(3,))
    d = draw.uniform(9, low=0.1, high=0.9)
    d[2], d[3] = 0, 1
    return p_data, p_g, d


globals().update(usual_checks(oracle.gan_value, points))
