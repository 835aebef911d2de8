"""Hidden checks: the generator's least-squares loss."""

import pytest
import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
from autograder.suites.gan.generator_loss_ls import oracle


@weight(3)
def test_values(student, draw):
    """is right for random outputs"""
    output = 2 * draw.normal(7)
    close(student.generator_loss_ls(output), oracle.generator_loss_ls(output))


@weight(2)
@pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2)])
def test_shapes(student, draw, shape):
    """averages over all elements of outputs of any shape, a single image and maps of patches included"""
    output = 2 * draw.normal(*shape)
    close(student.generator_loss_ls(output), oracle.generator_loss_ls(output))


@weight(2)
def test_raw_outputs(student, draw):
    """takes outputs as they are, far outside [0, 1] too"""
    output = 50 * draw.normal(6)
    close(student.generator_loss_ls(output), oracle.generator_loss_ls(output))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the outputs"""
    same_gradients(student.generator_loss_ls, oracle.generator_loss_ls, 3 * draw.normal(6, 1))


def test_inputs(student, draw):
    """leaves its argument as it was"""
    output = draw.normal(4, 1)
    value = student.generator_loss_ls(output)
    inputs_unchanged(student)
    close(value, oracle.generator_loss_ls(output))


def test_dtype(student, draw):
    """computes in the precision of its input, float32 and float64"""
    output = draw.normal(5)
    close(student.generator_loss_ls(output), oracle.generator_loss_ls(output), rtol=1e-10, atol=1e-11)
    has_dtype(student.generator_loss_ls(output.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its input"""
    follows_device(student.generator_loss_ls, oracle.generator_loss_ls, draw.normal(4, 1))
