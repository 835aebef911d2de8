"""Hidden checks: reconstruction loss."""

import pytest

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.reconstruction_loss import oracle

ASPECTS = {"values": 0.3, "images": 0.2, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def agrees(student, draw, shape):
    x, x_hat = draw.normal(*shape), draw.normal(*shape)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def ordinary(student, draw):
    """Fails, for a reason of its own, where corners are not worth a look yet."""
    x, x_hat = draw.normal(3, 2, 4, 5), draw.normal(3, 2, 4, 5)
    once_right(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def test_values(student, draw):
    """sums the squared errors of each vector, and averages these sums over the batch"""
    agrees(student, draw, (5, 7))


@aspect("images")
@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (2, 1, 28, 28)])
def test_images(student, draw, shape):
    """treats a batch of images (B, C, H, W) by the same convention as a batch of vectors"""
    agrees(student, draw, shape)


@aspect("edges")
@pytest.mark.parametrize("shape", [(4, 3, 5), (3, 2, 3, 2, 4)])
def test_other_shapes(student, draw, shape):
    """sums over all dimensions but the first, be they two or four"""
    ordinary(student, draw)
    agrees(student, draw, shape)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 7), (5, 1), (1, 1), (1, 3, 4, 2), (4, 1, 1, 1)])
def test_sizes_of_one(student, draw, shape):
    """is right for a batch of one, and for images of one pixel"""
    ordinary(student, draw)
    agrees(student, draw, shape)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to the reconstruction"""
    x = draw.normal(4, 6)
    same_gradients(
        lambda x_hat: student.reconstruction_loss(x, x_hat),
        lambda x_hat: oracle.reconstruction_loss(x, x_hat),
        draw.normal(4, 6),
    )


@aspect("edges")
def test_data_gradients(student, draw):
    """sends the right gradient to `x` as well"""
    ordinary(student, draw)
    x_hat = draw.normal(4, 3)
    same_gradients(
        lambda x: student.reconstruction_loss(x, x_hat),
        lambda x: oracle.reconstruction_loss(x, x_hat),
        draw.normal(4, 3),
    )


@aspect("edges")
def test_perfect_reconstruction(student, draw):
    """has the right gradient where an image of the batch is reconstructed perfectly"""
    ordinary(student, draw)
    x, x_hat = draw.normal(4, 3), draw.normal(4, 3)
    x_hat[1] = x[1]
    same_gradients(
        lambda x_hat: student.reconstruction_loss(x, x_hat),
        lambda x_hat: oracle.reconstruction_loss(x, x_hat),
        x_hat,
    )


globals().update(
    usual_checks(oracle.reconstruction_loss, lambda draw: (draw.normal(5, 7), draw.normal(5, 7)))
)
