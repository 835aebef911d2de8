"""Hidden checks: the discriminator's cross-entropy from logits."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.discriminator_loss import oracle


@weight(2)
def test_values(student, draw):
    """is right for random logits of real and fake images"""
    real, fake = 2 * draw.normal(7) + 1, 2 * draw.normal(7)
    close(student.discriminator_loss(real, fake), oracle.discriminator_loss(real, fake))


@weight(2)
def test_unequal_batches(student, draw):
    """gives real and fake images the same weight when their batches differ in size"""
    real, fake = 2 * draw.normal(3) + 1, 2 * draw.normal(8) - 1
    close(student.discriminator_loss(real, fake), oracle.discriminator_loss(real, fake))


@weight(2)
@pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2)])
def test_shapes(student, draw, shape):
    """averages over all elements of logits of any shape, a single image and maps of patches
    included
    """
    real, fake = 2 * draw.normal(*shape), 2 * draw.normal(*shape)
    close(student.discriminator_loss(real, fake), oracle.discriminator_loss(real, fake))


@weight(2)
@pytest.mark.parametrize("scale", [40.0, 100.0, 1e4])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_logits(student, draw, scale, dtype):
    """stays finite and exact when logits are very large, of either sign"""
    real, fake = (scale * draw.uniform(6, low=0.9, dtype=dtype) for _ in range(2))
    real[:3], fake[2:] = -real[:3], -fake[2:]
    close(student.discriminator_loss(real, fake), oracle.discriminator_loss(real, fake))
    close(student.discriminator_loss(-real, -fake), oracle.discriminator_loss(-real, -fake))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the logits of both batches"""
    same_gradients(
        student.discriminator_loss, oracle.discriminator_loss, draw.normal(4, 1), draw.normal(6, 1)
    )


@pytest.mark.parametrize("scale", [100.0, 1e4])
def test_extreme_gradients(student, draw, scale):
    """sends finite and right gradients to logits that are very large, of either sign"""
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    same_gradients(
        student.discriminator_loss, oracle.discriminator_loss, scale * signs, -scale * signs
    )
    same_gradients(
        student.discriminator_loss,
        oracle.discriminator_loss,
        scale * signs.float(),
        scale * signs.float(),
    )


globals().update(
    usual_checks(oracle.discriminator_loss, lambda draw: (draw.normal(4, 1), draw.normal(6, 1)))
)
