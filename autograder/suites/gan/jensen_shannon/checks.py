"""Hidden checks: the Jensen-Shannon divergence on N points."""

import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
from autograder.suites.gan.jensen_shannon import oracle


def probabilities(draw, n=9, empty=()):
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


@weight(3)
def test_values(student, draw):
    """is right for random distributions"""
    p, q = probabilities(draw), probabilities(draw)
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_skewed(student, draw):
    """is right for distributions that are very different, whichever comes first"""
    p, q = (4 * draw.normal(9)).softmax(0), (4 * draw.normal(9)).softmax(0)
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))
    close(student.jensen_shannon(q, p), oracle.jensen_shannon(q, p))


@weight(2)
def test_zeros(student, draw):
    """is right where one of the two is zero"""
    p, q = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_both_zero(student, draw):
    """is right where both are zero at the same point"""
    p, q = probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 5, 7))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_disjoint(student, draw):
    """is right for distributions that do not overlap"""
    p, q = probabilities(draw, empty=range(5)), probabilities(draw, empty=range(5, 9))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both distributions"""

    def of_logits(divergence):  # gradients along the simplex: off it, formulas that agree for probabilities differ
        return lambda p, q: divergence(p.softmax(0), q.softmax(0))

    same_gradients(of_logits(student.jensen_shannon), of_logits(oracle.jensen_shannon), draw.normal(9), draw.normal(9))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    p, q = probabilities(draw, empty=(2,)), probabilities(draw, empty=(2, 3))
    value = student.jensen_shannon(p, q)
    inputs_unchanged(student)
    close(value, oracle.jensen_shannon(p, q))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    p, q = probabilities(draw), probabilities(draw)
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q), rtol=1e-9, atol=1e-11)
    has_dtype(student.jensen_shannon(p.float(), q.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    follows_device(student.jensen_shannon, oracle.jensen_shannon, probabilities(draw), probabilities(draw))
