"""Hidden checks: codebook and commitment loss."""

import pytest
import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, is_true, same_gradients, weight
from autograder.suites.vae.vq_losses import oracle


@weight(2)
@pytest.mark.parametrize("which", [0, 1])
def test_values(student, draw, which):
    """has the right values, summed over latents and averaged over the batch"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    value = student.vq_losses(z, z_q)
    is_true(isinstance(value, list | tuple) and len(value) == 2)
    close(value[which], oracle.vq_losses(z, z_q)[which])


@weight(3)
def test_codebook_gradient(student, draw):
    """pulls only the codebook with its first loss, and as hard as it should"""
    same_gradients(
        lambda *given: student.vq_losses(*given)[0], lambda *given: oracle.vq_losses(*given)[0], draw.normal(5, 3), draw.normal(5, 3)
    )


@weight(3)
def test_commitment_gradient(student, draw):
    """pulls only the encoder's codes with its second loss, and as hard as it should"""
    same_gradients(
        lambda *given: student.vq_losses(*given)[1], lambda *given: oracle.vq_losses(*given)[1], draw.normal(5, 3), draw.normal(5, 3)
    )


def test_batch_of_one(student, draw):
    """works for a batch of one with many latents"""
    z, z_q = draw.normal(1, 20), draw.normal(1, 20)
    close(list(student.vq_losses(z, z_q)), list(oracle.vq_losses(z, z_q)))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    z, z_q = draw.normal(4, 3), draw.normal(4, 3)
    value = student.vq_losses(z, z_q)
    inputs_unchanged(student)
    close(list(value), list(oracle.vq_losses(z, z_q)))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    close(list(student.vq_losses(z, z_q)), list(oracle.vq_losses(z, z_q)), rtol=1e-10, atol=1e-11)
    for value in student.vq_losses(z.float(), z_q.float()):
        has_dtype(value, torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    follows_device(student.vq_losses, oracle.vq_losses, draw.normal(4, 3), draw.normal(4, 3))
