"""Hidden checks: the generator's Wasserstein loss."""

import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
from autograder.suites.gan.wgan_generator_loss import oracle


@weight(2)
def test_values(student, draw):
    """is right for scores of either sign"""
    fake = draw.normal(7) - 0.5
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


def test_column(student, draw):
    """takes scores of shape (B, 1) as well"""
    fake = 1 + draw.normal(6, 1)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


def test_large_scores(student, draw):
    """has no bound: scores in the thousands count in full"""
    fake = 3e3 * draw.normal(5)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


@weight(2)
def test_gradients(student, draw):
    """sends each score the same gradient, in the direction of higher scores"""
    same_gradients(student.wgan_generator_loss, oracle.wgan_generator_loss, draw.normal(6))


def test_inputs(student, draw):
    """leaves its argument as it was"""
    fake = draw.normal(5)
    value = student.wgan_generator_loss(fake)
    inputs_unchanged(student)
    close(value, oracle.wgan_generator_loss(fake))


def test_dtype(student, draw):
    """computes in the precision of its input, float32 and float64"""
    fake = draw.normal(7)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake), rtol=1e-10, atol=1e-11)
    has_dtype(student.wgan_generator_loss(fake.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its input"""
    follows_device(student.wgan_generator_loss, oracle.wgan_generator_loss, draw.normal(5))
