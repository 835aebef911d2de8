"""Hidden checks: bits per dimension."""

import math

import pytest
import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.flows.bits_per_dim import oracle

ASPECTS = {"values": 0.5, "images": 0.2, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    close(student.bits_per_dim(*given), oracle.bits_per_dim(*given), rtol=1e-6, atol=1e-6)


def test_values(student, draw):
    """is right for log-densities of either sign"""
    agree(student, 500 * draw.normal(7), (1, 3, 5))


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 4, 6)])
def test_uniform(student, draw, shape):
    """gives exactly 8 bits for the uniform density, whose logarithm is 0"""
    close(student.bits_per_dim(torch.zeros(4, dtype=torch.float64), shape), 8 * torch.ones(4))


def test_discrete(student, draw):
    """gives the code length of the levels: for a density that is constant on each interval it is
    minus the binary logarithm of the level's probability
    """
    p = draw.uniform(256, low=0.1)
    p = p / p.sum()
    levels = draw.integers(0, 256, 5, 6)
    log_prob = (256 * p[levels]).log().sum(1)
    close(student.bits_per_dim(log_prob, (1, 2, 3)), -p[levels].log2().mean(1))


@after(test_values)
def test_alone(student, draw):
    """gives each image its own number, whatever else is in the batch"""
    log_prob = 100 * draw.normal(5)
    bits = student.bits_per_dim(log_prob, (1, 4, 4))
    for i in range(5):
        close(student.bits_per_dim(log_prob[i : i + 1], (1, 4, 4)), bits[i : i + 1])


@aspect("images")
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 8, 8), (3, 5, 2), (1, 1, 1), (6,), (4, 5)])
def test_shapes(student, draw, shape):
    """divides by all dimensions of an image, channels too, with any number of axes"""
    agree(student, 300 * draw.normal(3), shape)


@aspect("images")
@after(test_values)
def test_list(student, draw):
    """takes the shape as a list, too"""
    agree(student, 300 * draw.normal(3), [3, 4, 5])


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradient to the log-density"""
    for n, shape in ((4, (1, 3, 3)), (1, (2, 2, 5))):
        same_gradients(
            lambda log_prob, shape=shape: student.bits_per_dim(log_prob, shape),
            lambda log_prob, shape=shape: oracle.bits_per_dim(log_prob, shape),
            draw.normal(n),
        )


@aspect("edges")
@after(test_values)
def test_range(student, draw):
    """is not bounded: very good densities give negative numbers, very bad ones more than 8"""
    agree(student, torch.tensor([1e5, -1e5, 6000.0, 0.0], dtype=torch.float64), (1, 28, 28))


@aspect("edges")
@after(test_values)
def test_one(student, draw):
    """works for a batch of one, and for an image of one number"""
    agree(student, draw.normal(1), (1, 28, 28))
    agree(student, math.log(2) * torch.ones(1, dtype=torch.float64), (1, 1, 1))


globals().update(usual_checks(oracle.bits_per_dim, lambda draw: (300 * draw.normal(5), (2, 3, 4))))
