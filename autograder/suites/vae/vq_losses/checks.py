"""Hidden checks: codebook and commitment loss."""

import pytest

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
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
        lambda *given: student.vq_losses(*given)[0],
        lambda *given: oracle.vq_losses(*given)[0],
        draw.normal(5, 3),
        draw.normal(5, 3),
    )


@weight(3)
def test_commitment_gradient(student, draw):
    """pulls only the encoder's codes with its second loss, and as hard as it should"""
    same_gradients(
        lambda *given: student.vq_losses(*given)[1],
        lambda *given: oracle.vq_losses(*given)[1],
        draw.normal(5, 3),
        draw.normal(5, 3),
    )


def test_batch_of_one(student, draw):
    """works for a batch of one with many latents"""
    z, z_q = draw.normal(1, 20), draw.normal(1, 20)
    close(list(student.vq_losses(z, z_q)), list(oracle.vq_losses(z, z_q)))


globals().update(
    usual_checks(oracle.vq_losses, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))
)
