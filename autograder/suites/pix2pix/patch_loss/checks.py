"""Hidden checks: the cross-entropy of a map of logits."""

import pytest
import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.pix2pix.patch_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

REAL = pytest.mark.parametrize("real", [True, False])


def agree(student, logits, real):
    close(student.patch_loss(logits, real), oracle.patch_loss(logits, real))


def gradients_agree(student, logits, real, **tolerances):
    same_gradients(
        lambda given: student.patch_loss(given, real),
        lambda given: oracle.patch_loss(given, real),
        logits,
        **tolerances,
    )


@REAL
def test_values(student, draw, real):
    """is right for a batch of maps, real or fake"""
    agree(student, 2 * draw.normal(4, 1, 5, 3) + 1, real)


@after(test_values)
@REAL
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 1, 6, 6), (5, 1), (1, 1, 1, 7), (130,)])
def test_shapes(student, draw, real, shape):
    """averages over all logits, of maps of any size: one patch, one image, no map at all"""
    agree(student, 2 * draw.normal(*shape), real)


@after(test_values)
@REAL
def test_extreme_logits(student, draw, real):
    """stays finite and exact when logits are very large, of either sign"""
    for dtype in (torch.float64, torch.float32):
        signs = torch.tensor([1, 1, 1, -1])
        for scale in (15.0, 40.0, 100.0, 1e4):
            for sign in (1, -1):
                agree(student, sign * scale * draw.uniform(4, low=0.9, dtype=dtype) * signs, real)


@after(test_values)
@REAL
def test_sure_and_right(student, draw, real):
    """is right, however small, where the discriminator is sure and right"""
    logits = draw.uniform(6, low=9, high=14) * (1 if real else -1)
    close(student.patch_loss(logits, real), oracle.patch_loss(logits, real), rtol=1e-5, atol=1e-13)


@aspect("gradients")
@after(test_values)
@REAL
def test_gradients(student, draw, real):
    """sends the right gradient to the logits"""
    for shape in ((4, 1, 3, 2), (1, 1, 1, 1)):
        gradients_agree(student, 2 * draw.normal(*shape), real)


@aspect("gradients")
@after(test_values)
@REAL
def test_extreme_gradients(student, draw, real):
    """sends finite and right gradients to logits that are very large, and small ones where the
    discriminator is sure
    """
    signs = torch.tensor([1, -1, 1, -1, -1])
    for scale in (25.0, 100.0, 1e4):
        gradients_agree(student, scale * signs.double(), real)
    gradients_agree(student, draw.uniform(5, low=8, high=15) * signs, real, atol=0.0)


@aspect("edges")
@after(test_values)
@REAL
def test_zero_logits(student, draw, real):
    """sends the right gradient where a logit is exactly 0"""
    logits = draw.normal(4)
    logits[1:3] = 0
    gradients_agree(student, logits, real)


@aspect("edges")
@after(test_values)
@REAL
def test_no_axis(student, draw, real):
    """takes a single logit of shape ()"""
    agree(student, draw.normal(), real)


def examples(draw):
    yield draw.normal(4, 1, 3, 2), True
    yield draw.normal(3, 1, 2, 2), False


globals().update(usual_checks(oracle.patch_loss, examples))
