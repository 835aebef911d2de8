"""Hidden checks: the Jensen-Shannon divergence on N points.

Gradients and small changes are looked at along distributions that sum to one: off them, formulas
that agree for probabilities differ.
"""

import pytest
import torch

from autograder.checks import after, aspect, close, has_dtype, is_true, same_gradients, usual_checks
from autograder.suites.gan.distributions import followed_by, probabilities
from autograder.suites.gan.jensen_shannon import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def agree(student, p, q, rtol=1e-4, atol=1e-5):
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q), rtol, atol)


def test_values(student, draw):
    """is right for random distributions"""
    agree(student, probabilities(draw), probabilities(draw))


@after(test_values)
def test_skewed(student, draw):
    """is right for distributions that are very different, whichever comes first"""
    p, q = (4 * draw.normal(9)).softmax(0), (4 * draw.normal(9)).softmax(0)
    agree(student, p, q)
    agree(student, q, p)


@after(test_values)
def test_zeros(student, draw):
    """is right where one of the two is zero"""
    agree(student, probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7)))


@after(test_values)
def test_both_zero(student, draw):
    """is right where both are zero at the same point"""
    agree(student, probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 5, 7)))


@after(test_values)
def test_disjoint(student, draw):
    """is right for distributions that do not overlap"""
    agree(student, probabilities(draw, empty=range(5)), probabilities(draw, empty=range(5, 9)))


def of_logits(divergence, *rest):
    """As a function of logits; the distributions go on with points without mass."""
    return lambda p, q: divergence(
        followed_by(p.softmax(0), *rest), followed_by(q.softmax(0), *rest)
    )


@aspect("gradients")
@after(test_values)
@pytest.mark.parametrize("rest", [(), (0.0, 0.0)])
def test_gradients(student, draw, rest):
    """sends the right gradients to both distributions where they are positive"""
    same_gradients(
        of_logits(student.jensen_shannon, *rest),
        of_logits(oracle.jensen_shannon, *rest),
        *(draw.normal(9), draw.normal(9)),
    )


@aspect("edges")
@after(test_values)
def test_gradients_where_one_is_zero(student, draw):
    """sends the right gradient to the one distribution at points where the other is zero"""

    def one_with_zeros(divergence, swap):
        def call(p, q):
            pair = followed_by(p.softmax(0), 0.0, 0.0), q.softmax(0)
            return divergence(*(pair[::-1] if swap else pair))

        return call

    for swap in (False, True):
        same_gradients(
            one_with_zeros(student.jensen_shannon, swap),
            one_with_zeros(oracle.jensen_shannon, swap),
            *(draw.normal(4), draw.normal(6)),
        )


@aspect("edges")
@after(test_values)
def test_equal(student, draw):
    """is right, and has finite gradients, where the two distributions are equal"""
    for logits in (draw.normal(6), torch.zeros(4, dtype=torch.float64)):
        p = logits.softmax(0)
        agree(student, p, p.clone(), atol=1e-7)
        same_gradients(
            *(of_logits(student.jensen_shannon), of_logits(oracle.jensen_shannon)),
            *(logits, logits.clone()),
        )


@aspect("edges")
@after(test_values)
def test_precise(student, draw):
    """counts all probabilities as they are, small ones too, without constants or thresholds"""
    p, q = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 4))
    p[2], q[3], q[5] = 5e-5, 5e-7, 5e-9
    agree(student, p / p.sum(), q / q.sum(), rtol=1e-6, atol=1e-9)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("n", [1, 2, 300])
def test_sizes(student, draw, n):
    """is right for any number of points, one included"""
    agree(student, probabilities(draw, n), probabilities(draw, n))


@aspect("conventions")
@after(test_values)
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    p, q = probabilities(draw), probabilities(draw)
    has_dtype(student.jensen_shannon(p.float(), q.float()), torch.float32)
    value, expected = student.jensen_shannon(p, q), oracle.jensen_shannon(p, q)
    has_dtype(value, torch.float64)
    close(value, expected, rtol=1e-6, atol=1e-8)
    near = p * (1 + 1e-8 * torch.linspace(0.5, 1.5, len(p), dtype=p.dtype))  # lost in float32
    near = near / near.sum()
    step = oracle.jensen_shannon(near, q) - expected
    is_true(abs(student.jensen_shannon(near, q) - value - step) < 0.1 * abs(step) + 1e-14)


globals().update(
    usual_checks(
        oracle.jensen_shannon,
        lambda draw: (probabilities(draw), probabilities(draw)),
        without=("dtype",),
    )
)
