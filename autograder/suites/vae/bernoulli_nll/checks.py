"""Hidden checks: Bernoulli negative log-likelihood from logits."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.bernoulli_nll import oracle

ASPECTS = {"values": 0.35, "images": 0.15, "gradients": 0.3, "edges": 0.1, "conventions": 0.1}


def agrees(student, x, logits):
    close(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


def same_slopes(student, x, logits):
    """Gradients of the logits; those of x have a check of their own."""
    same_gradients(
        lambda logits: student.bernoulli_nll(x, logits),
        lambda logits: oracle.bernoulli_nll(x, logits),
        logits,
    )


def ordinary(student, draw):
    """Fails, for a reason of its own, where corners are not worth a look yet."""
    x, logits = draw.uniform(3, 2, 4, 5), draw.normal(3, 2, 4, 5)
    once_right(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


def test_binary(student, draw):
    """is right for black and white pixels: one sum for each image, averaged over the batch"""
    agrees(student, draw.integers(0, 2, 5, 7).double(), 2 * draw.normal(5, 7))


def test_grey(student, draw):
    """is right for grey pixels, between 0 and 1"""
    agrees(student, draw.uniform(5, 7), 2 * draw.normal(5, 7))


@pytest.mark.parametrize("scale", [100.0, 1e6])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_logits(student, draw, scale, dtype):
    """stays finite and exact when logits are very large, of either sign"""
    ordinary(student, draw)
    logits = scale * torch.where(draw.uniform(4, 6) < 0.5, -1.0, 1.0).to(dtype)
    x = draw.uniform(4, 6, dtype=dtype)
    x[0], x[1] = 0, 1
    agrees(student, x, logits)
    agrees(student, (logits > 0).to(dtype), logits)  # sure and right: next to nothing


@aspect("images")
@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (2, 1, 28, 28)])
def test_images(student, draw, shape):
    """treats a batch of images (B, C, H, W) by the same convention as a batch of vectors"""
    agrees(student, draw.uniform(*shape), draw.normal(*shape))


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 7), (5, 1), (1, 1), (1, 3, 4, 2), (4, 1, 1, 1)])
def test_sizes_of_one(student, draw, shape):
    """is right for a batch of one, and for images of one pixel"""
    ordinary(student, draw)
    agrees(student, draw.uniform(*shape), draw.normal(*shape))


@aspect("edges")
@pytest.mark.parametrize("shape", [(4, 3, 5), (3, 2, 3, 2, 4)])
def test_other_shapes(student, draw, shape):
    """sums over all dimensions but the first, be they two or four"""
    ordinary(student, draw)
    agrees(student, draw.uniform(*shape), draw.normal(*shape))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to the logits"""
    same_slopes(student, draw.uniform(4, 6), draw.normal(4, 6))


@aspect("gradients")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_gradients(student, draw, dtype):
    """sends a finite and right gradient to logits that are very large, of either sign"""
    ordinary(student, draw)
    logits = 2e3 * torch.where(draw.uniform(4, 6) < 0.5, -1.0, 1.0).to(dtype)
    same_slopes(student, draw.uniform(4, 6, dtype=dtype), logits)


@aspect("edges")
def test_gradients_at_zero(student, draw):
    """sends the right gradient to logits that are exactly 0, where the loss has no kink"""
    ordinary(student, draw)
    logits = draw.normal(4, 6)
    logits[1] = 0
    same_slopes(student, draw.uniform(4, 6), logits)


@aspect("edges")
def test_data_gradients(student, draw):
    """sends the right gradient to `x` as well"""
    ordinary(student, draw)
    logits = draw.normal(4, 6)
    same_gradients(
        lambda x: student.bernoulli_nll(x, logits),
        lambda x: oracle.bernoulli_nll(x, logits),
        draw.uniform(4, 6),
    )


globals().update(
    usual_checks(oracle.bernoulli_nll, lambda draw: (draw.uniform(5, 7), draw.normal(5, 7)))
)
