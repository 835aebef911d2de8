"""Hidden checks: reconstruction loss."""

import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
from autograder.suites.vae.reconstruction_loss import oracle


@weight(2)
def test_values(student, draw):
    """gives the summed squared error, averaged over a batch of vectors"""
    x, x_hat = draw.normal(5, 7), draw.normal(5, 7)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


@weight(2)
def test_images(student, draw):
    """treats a batch of images (B, C, H, W) by the same convention as a batch of vectors"""
    x, x_hat = draw.normal(3, 2, 4, 5), draw.normal(3, 2, 4, 5)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def test_batch_of_one(student, draw):
    """works for a batch that holds a single image"""
    x, x_hat = draw.normal(1, 3, 4, 2), draw.normal(1, 3, 4, 2)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def test_repeated_batch(student, draw):
    """does not grow with the size of the batch"""
    x, x_hat = draw.normal(4, 6), draw.normal(4, 6)
    once = student.reconstruction_loss(x, x_hat)
    close(once, student.reconstruction_loss(x.repeat(3, 1), x_hat.repeat(3, 1)))
    close(once, oracle.reconstruction_loss(x, x_hat))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the image and to its reconstruction"""
    same_gradients(student.reconstruction_loss, oracle.reconstruction_loss, draw.normal(4, 3, 2), draw.normal(4, 3, 2))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    x, x_hat = draw.normal(4, 3), draw.normal(4, 3)
    value = student.reconstruction_loss(x, x_hat)
    inputs_unchanged(student)
    close(value, oracle.reconstruction_loss(x, x_hat))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    x, x_hat = draw.normal(5, 7), draw.normal(5, 7)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat), rtol=1e-10, atol=1e-11)
    has_dtype(student.reconstruction_loss(x.float(), x_hat.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    follows_device(student.reconstruction_loss, oracle.reconstruction_loss, draw.normal(4, 3), draw.normal(4, 3))
