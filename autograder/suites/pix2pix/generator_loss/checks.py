"""Hidden checks: the generator's loss and its parts."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    has_dtype,
    inputs_unchanged,
    is_true,
    usual_checks,
)
from autograder.suites.pix2pix.generator_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

SIZES = [((4, 1, 3, 2), (4, 3, 6, 5)), ((1, 1, 1, 1), (1, 1, 1, 1)), ((2, 1, 7, 7), (2, 1, 4, 4))]
WEIGHT = 7.5


def batch(draw, map_shape=(3, 1, 2, 4), shape=(3, 2, 5, 4)):
    return 2 * draw.normal(*map_shape), draw.normal(*shape), draw.normal(*shape)


def agree(student, *given, **tolerances):
    close(student.generator_loss(*given), oracle.generator_loss(*given), **tolerances)


def gradients_agree(student, draw, logits, y_hat, y, weight, parts=(0, 1, 2)):
    """Of each part on its own: gradients of the logits and of both images."""
    given = [each for each in (logits, y_hat, y) if each is not None]
    for part in parts:
        found = []
        for function in (oracle.generator_loss, student.generator_loss):
            leaves = [each.clone().requires_grad_() for each in given]
            head = leaves if logits is not None else [None, *leaves]
            value = function(*head, weight)[part]
            is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
            value.backward()
            found.append(
                [torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in leaves]
            )
        close(found[1], found[0], rtol=1e-5, atol=1e-10)


@pytest.mark.parametrize("sizes", SIZES)
def test_values(student, draw, sizes):
    """returns the total, the adversarial part and the L1 part without its weight"""
    for weight in (WEIGHT, 100, 0.3):
        agree(student, *batch(draw, *sizes), weight)


@after(test_values)
def test_without_discriminator(student, draw):
    """has an adversarial part of 0 when there are no logits"""
    _, y_hat, y = batch(draw)
    agree(student, None, y_hat, y, WEIGHT)


@after(test_values)
def test_weight_zero(student, draw):
    """is the adversarial part alone when the weight is 0, with the L1 part still returned"""
    for weight in (0, 0.0):
        agree(student, *batch(draw), weight)
        agree(student, None, *batch(draw)[1:], weight)


@after(test_values)
def test_large_differences(student, draw):
    """takes the absolute difference, however large or small it is"""
    logits, y_hat, y = batch(draw)
    for scale in (100.0, 1e-3):
        agree(student, logits, scale * y_hat, scale * y, WEIGHT, atol=1e-10)


@after(test_values)
def test_extreme_logits(student, draw):
    """stays finite and exact when logits are very large, of either sign"""
    _, y_hat, y = batch(draw)
    signs = torch.tensor([1.0, 1, -1, 1], dtype=torch.float64)
    for scale in (15.0, 40.0, 100.0, 1e4):
        for sign in (1, -1):
            agree(student, sign * scale * signs, y_hat, y, WEIGHT)


@aspect("gradients")
@after(test_values)
@pytest.mark.parametrize("sizes", SIZES)
def test_gradients(student, draw, sizes):
    """sends the right gradients to the logits and to both images, from the total and its parts"""
    logits, y_hat, y = batch(draw, *sizes)
    gradients_agree(student, draw, logits, y_hat, y, WEIGHT)


@aspect("gradients")
@after(test_values)
def test_gradients_without_discriminator(student, draw):
    """sends the right gradients to both images when there are no logits"""
    _, y_hat, y = batch(draw)
    gradients_agree(student, draw, None, y_hat, y, WEIGHT, parts=(0, 2))


@aspect("gradients")
@after(test_values)
def test_extreme_gradients(student, draw):
    """sends finite and right gradients to logits that are very large"""
    _, y_hat, y = batch(draw)
    signs = torch.tensor([1.0, -1, 1, -1, -1], dtype=torch.float64)
    for scale in (12.0, 100.0, 1e4):
        gradients_agree(student, draw, scale * signs, y_hat, y, WEIGHT, parts=(0, 1))


@aspect("edges")
@after(test_values)
def test_zero_logits(student, draw):
    """sends the right gradient where a logit is exactly 0"""
    logits, y_hat, y = batch(draw)
    logits[0] = 0
    gradients_agree(student, draw, logits, y_hat, y, WEIGHT, parts=(0, 1))


@aspect("edges")
@after(test_values)
def test_perfect_pixels(student, draw):
    """sends finite gradients where the output equals the target, and none from these pixels' L1"""
    logits, y_hat, y = batch(draw)
    y_hat[:, :, 1:3] = y[:, :, 1:3]
    gradients_agree(student, draw, logits, y_hat, y, WEIGHT, parts=(0, 2))


@aspect("conventions")
@after(test_without_discriminator)
def test_precision_without_discriminator(student, draw):
    """computes in the precision and on the device of the images when there are no logits"""
    for dtype in (torch.float64, torch.float32):
        _, y_hat, y = (each.to(dtype) for each in batch(draw))
        for part in student.generator_loss(None, y_hat, y, WEIGHT):
            if isinstance(part, torch.Tensor):  # a plain 0.0 is as good
                has_dtype(part, dtype)


@aspect("conventions")
@after(test_values)
def test_flags(student, draw):
    """leaves arguments that need gradients as they were"""
    given = [each.requires_grad_() for each in batch(draw)]
    student.generator_loss(*given, WEIGHT)
    inputs_unchanged(student)


def examples(draw):
    yield (*batch(draw), WEIGHT)


globals().update(usual_checks(oracle.generator_loss, examples))
