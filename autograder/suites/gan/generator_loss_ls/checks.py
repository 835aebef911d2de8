"""Hidden checks: the generator's least-squares loss."""

import pytest

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.generator_loss_ls import oracle


@weight(3)
def test_values(student, draw):
    """is right for random outputs"""
    output = 2 * draw.normal(7)
    close(student.generator_loss_ls(output), oracle.generator_loss_ls(output))


@weight(2)
@pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2)])
def test_shapes(student, draw, shape):
    """averages over all elements of outputs of any shape, a single image and maps of patches
    included
    """
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


globals().update(usual_checks(oracle.generator_loss_ls, lambda draw: (draw.normal(4, 1),)))
