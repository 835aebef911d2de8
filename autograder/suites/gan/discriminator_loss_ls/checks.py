"""Hidden checks: the discriminator's least-squares loss."""

import pytest

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.discriminator_loss_ls import oracle


@weight(3)
def test_values(student, draw):
    """is right for random outputs on real and fake images"""
    real, fake = 2 * draw.normal(7) + 1, 2 * draw.normal(7)
    close(student.discriminator_loss_ls(real, fake), oracle.discriminator_loss_ls(real, fake))


@weight(2)
def test_unequal_batches(student, draw):
    """gives real and fake images the same weight when their batches differ in size"""
    real, fake = 2 * draw.normal(3) + 1, 2 * draw.normal(8) - 1
    close(student.discriminator_loss_ls(real, fake), oracle.discriminator_loss_ls(real, fake))


@weight(2)
@pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2)])
def test_shapes(student, draw, shape):
    """averages over all elements of outputs of any shape, a single image and maps of patches
    included
    """
    real, fake = 2 * draw.normal(*shape), 2 * draw.normal(*shape)
    close(student.discriminator_loss_ls(real, fake), oracle.discriminator_loss_ls(real, fake))


@weight(2)
def test_raw_outputs(student, draw):
    """takes outputs as they are, far outside [0, 1] too"""
    real, fake = 50 * draw.normal(6), 50 * draw.normal(6)
    close(student.discriminator_loss_ls(real, fake), oracle.discriminator_loss_ls(real, fake))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the outputs of both batches"""
    same_gradients(
        student.discriminator_loss_ls,
        oracle.discriminator_loss_ls,
        3 * draw.normal(4, 1),
        3 * draw.normal(6, 1),
    )


globals().update(
    usual_checks(oracle.discriminator_loss_ls, lambda draw: (draw.normal(4, 1), draw.normal(6, 1)))
)
