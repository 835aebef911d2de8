"""Hidden checks: the discriminator's least-squares loss."""

import pytest
import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
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
    """averages over all elements of outputs of any shape, a single image and maps of patches included"""
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
    same_gradients(student.discriminator_loss_ls, oracle.discriminator_loss_ls, 3 * draw.normal(4, 1), 3 * draw.normal(6, 1))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    real, fake = draw.normal(4, 1), draw.normal(4, 1)
    value = student.discriminator_loss_ls(real, fake)
    inputs_unchanged(student)
    close(value, oracle.discriminator_loss_ls(real, fake))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    real, fake = draw.normal(5), draw.normal(5)
    close(student.discriminator_loss_ls(real, fake), oracle.discriminator_loss_ls(real, fake), rtol=1e-10, atol=1e-11)
    has_dtype(student.discriminator_loss_ls(real.float(), fake.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    follows_device(student.discriminator_loss_ls, oracle.discriminator_loss_ls, draw.normal(4, 1), draw.normal(6, 1))
