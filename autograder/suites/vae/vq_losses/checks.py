"""Hidden checks: codebook and commitment loss."""

import pytest

from autograder.checks import aspect, close, flags_unchanged, same_gradients, usual_checks
from autograder.suites.vae.vq_losses import oracle

ASPECTS = {"values": 0.35, "gradients": 0.4, "edges": 0.15, "conventions": 0.1}

CODEBOOK, COMMITMENT = 0, 1


def gradients_of(student, which, z, z_q):
    """Compares the gradients of one of the losses."""
    same_gradients(
        lambda z, z_q: student.vq_losses(z, z_q)[which],
        lambda z, z_q: oracle.vq_losses(z, z_q)[which],
        z,
        z_q,
    )


def test_codebook_loss(student, draw):
    """has the right codebook loss: summed over latents, averaged over the batch, unweighted"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    codebook_loss, _ = _two(student.vq_losses(z, z_q))
    close(codebook_loss, oracle.vq_losses(z, z_q)[CODEBOOK])


def test_commitment_loss(student, draw):
    """has the right commitment loss: summed over latents, averaged over the batch, unweighted"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    _, commitment_loss = _two(student.vq_losses(z, z_q))
    close(commitment_loss, oracle.vq_losses(z, z_q)[COMMITMENT])


def _two(value):
    if isinstance(value, list | tuple) and len(value) == 2:
        return value
    close(value, (0.0, 0.0))  # which says what came instead
    raise AssertionError("unreachable")


@aspect("gradients")
def test_codebook_gradient(student, draw):
    """pulls only the codebook with its first loss, and as hard as it should"""
    gradients_of(student, CODEBOOK, draw.normal(5, 3), draw.normal(5, 3))


@aspect("gradients")
def test_commitment_gradient(student, draw):
    """pulls only the encoder's codes with its second loss, and as hard as it should"""
    gradients_of(student, COMMITMENT, draw.normal(5, 3), draw.normal(5, 3))


@aspect("gradients")
@pytest.mark.parametrize("which", [CODEBOOK, COMMITMENT])
def test_equal(student, draw, which):
    """has a gradient of zero, and not nan, where each z lies on its code"""
    z = draw.normal(5, 3)
    gradients_of(student, which, z, z.clone())


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 20), (6, 1), (1, 1)])
def test_one(student, draw, shape):
    """works for a batch of one, and for codes of one number"""
    z, z_q = draw.normal(*shape), draw.normal(*shape)
    close(student.vq_losses(z, z_q), oracle.vq_losses(z, z_q))


@aspect("edges")
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_scale(student, draw, scale):
    """is right for codes that are close to their vectors, and for codes far away"""
    z_q = draw.normal(5, 3)
    z = z_q + scale * draw.normal(5, 3)
    close(student.vq_losses(z, z_q), oracle.vq_losses(z, z_q), atol=1e-12)


usual = usual_checks(oracle.vq_losses, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves its arguments as they were: the decoder and the optimizer need them"""
    usual["test_inputs"](student, draw)
    flags_unchanged(student, oracle.vq_losses, draw.normal(5, 3), draw.normal(5, 3))


globals().update(usual | {"test_inputs": test_inputs})
