"""Hidden checks: the generator's non-saturating loss from logits."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.generator_loss_nonsaturating import oracle


@weight(3)
def test_values(student, draw):
    """is right for random logits"""
    logits = 2 * draw.normal(7) - 1
    close(student.generator_loss_nonsaturating(logits), oracle.generator_loss_nonsaturating(logits))


@weight(2)
@pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2)])
def test_shapes(student, draw, shape):
    """averages over all elements of logits of any shape, a single image and maps of patches
    included
    """
    logits = 2 * draw.normal(*shape)
    close(student.generator_loss_nonsaturating(logits), oracle.generator_loss_nonsaturating(logits))


@weight(2)
@pytest.mark.parametrize("scale", [40.0, 100.0, 1e4])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_logits(student, draw, scale, dtype):
    """stays finite and exact when logits are very large, of either sign"""
    logits = scale * draw.uniform(6, low=0.9, dtype=dtype)
    logits[:3] *= -1
    close(student.generator_loss_nonsaturating(logits), oracle.generator_loss_nonsaturating(logits))
    close(
        student.generator_loss_nonsaturating(-logits), oracle.generator_loss_nonsaturating(-logits)
    )


@weight(3)
def test_gradients(student, draw):
    """sends the right gradients to the logits"""
    same_gradients(
        student.generator_loss_nonsaturating,
        oracle.generator_loss_nonsaturating,
        2 * draw.normal(6, 1),
    )


@weight(2)
def test_gradients_of_a_loser(student, draw):
    """sends the right gradients, however small, where the discriminator is sure that an image is
    fake
    """
    same_gradients(
        student.generator_loss_nonsaturating,
        oracle.generator_loss_nonsaturating,
        draw.uniform(6, low=-15, high=-8),
        atol=0.0,
    )


@pytest.mark.parametrize("scale", [100.0, 1e4])
def test_extreme_gradients(student, draw, scale):
    """sends finite and right gradients to logits that are very large, of either sign"""
    logits = scale * torch.tensor([1.0, -1.0, 1.0, -1.0, -1.0], dtype=torch.float64)
    same_gradients(
        student.generator_loss_nonsaturating, oracle.generator_loss_nonsaturating, logits
    )
    same_gradients(
        student.generator_loss_nonsaturating, oracle.generator_loss_nonsaturating, logits.float()
    )


globals().update(
    usual_checks(oracle.generator_loss_nonsaturating, lambda draw: (draw.normal(4, 1),))
)
