"""Hidden checks: feature matching."""

import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.feature_matching_loss import oracle


def batches(draw, n=6, m=6, D=4):
    """Features of n real and m generated images whose means differ, by more than one in some
    features and by less in others.
    """
    gap = torch.linspace(-2.0, 3.0, D, dtype=torch.float64)
    return draw.normal(n, D) + 1.0, 2 * draw.normal(m, D) + gap


@weight(3)
def test_values(student, draw):
    """has the right value for two batches of one size"""
    real, fake = batches(draw)
    close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


@weight(2)
def test_sizes(student, draw):
    """averages each batch by its own size when the two differ"""
    for n, m in ((3, 8), (8, 3), (1, 5)):
        real, fake = batches(draw, n, m)
        close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


def test_partners(student, draw):
    """compares means only: the order of the images in a batch does not matter"""
    real = draw.normal(6, 4)
    close(
        student.feature_matching_loss(real, real[draw.permutation(6)]),
        torch.zeros((), dtype=torch.float64),
        atol=1e-12,
    )


def test_many_features(student, draw):
    """adds up the features, also when there are many more features than images"""
    real, fake = batches(draw, 2, 2, 50)
    close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


@weight(2)
def test_gradient(student, draw):
    """sends the right gradient to the features of the generated images"""
    real, fake = batches(draw, 5, 7)
    same_gradients(
        lambda f: student.feature_matching_loss(real, f),
        lambda f: oracle.feature_matching_loss(real, f),
        fake,
    )


@weight(2)
def test_real_is_constant(student, draw):
    """sends no gradient to the features of the real images"""
    real, fake = (features.requires_grad_() for features in batches(draw, 5, 7))
    value = student.feature_matching_loss(real, fake)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad)
    value.backward()
    is_true(real.grad is None or not real.grad.any())
    is_true(fake.grad is not None and bool(fake.grad.any()))


globals().update(
    usual_checks(oracle.feature_matching_loss, lambda draw: batches(draw, 4, 6), rtol=1e-9)
)
