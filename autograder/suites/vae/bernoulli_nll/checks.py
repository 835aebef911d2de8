"""Hidden checks: Bernoulli negative log-likelihood from logits."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.bernoulli_nll import oracle


@weight(2)
def test_binary(student, draw):
    """is right for black and white pixels"""
    x, logits = draw.integers(0, 2, 5, 7).double(), 2 * draw.normal(5, 7)
    close(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


@weight(2)
def test_grey(student, draw):
    """is right for grey pixels, between 0 and 1"""
    x, logits = draw.uniform(5, 7), 2 * draw.normal(5, 7)
    close(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


def test_images(student, draw):
    """treats a batch of images (B, C, H, W) by the same convention as a batch of vectors"""
    x, logits = draw.uniform(3, 2, 4, 5), draw.normal(3, 2, 4, 5)
    close(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


@weight(2)
@pytest.mark.parametrize("scale", [100.0, 1e4])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_logits(student, draw, scale, dtype):
    """stays finite and exact when logits are very large, of either sign"""
    logits = scale * torch.where(draw.uniform(4, 6) < 0.5, -1.0, 1.0).to(dtype)
    x = draw.uniform(4, 6, dtype=dtype)
    x[0], x[1] = 0, 1
    close(student.bernoulli_nll(x, logits), oracle.bernoulli_nll(x, logits))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the logits"""
    x = draw.uniform(4, 6)
    same_gradients(
        lambda logits: student.bernoulli_nll(x, logits),
        lambda logits: oracle.bernoulli_nll(x, logits),
        draw.normal(4, 6),
    )


def test_extreme_gradients(student, draw):
    """sends finite and right gradients to the logits when these are very large"""
    x, logits = draw.uniform(4, 6), 300 * draw.normal(4, 6)
    same_gradients(
        lambda value: student.bernoulli_nll(x, value),
        lambda value: oracle.bernoulli_nll(x, value),
        logits,
    )


globals().update(
    usual_checks(oracle.bernoulli_nll, lambda draw: (draw.uniform(5, 7), draw.normal(5, 7)))
)
