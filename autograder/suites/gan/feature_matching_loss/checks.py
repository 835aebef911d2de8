"""Hidden checks: feature matching."""

import torch

from autograder.checks import (
    after,
    aspect,
    close,
    flags_unchanged,
    is_true,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.feature_matching_loss import oracle
from autograder.suites.gan.features import call_on_results

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def batches(draw, n=6, m=6, D=4):
    """Features of n real and m generated images whose means differ, by more than one in some
    features and by less in others.
    """
    gap = torch.linspace(-2.0, 3.0, D, dtype=torch.float64)
    return draw.normal(n, D) + 1.0, 2 * draw.normal(m, D) + gap


def test_values(student, draw):
    """has the right value for two batches of one size"""
    real, fake = batches(draw)
    close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


@after(test_values)
def test_sizes(student, draw):
    """averages each batch by its own size when the two differ, and adds up all features"""
    for sizes in ((3, 8, 4), (8, 3, 4), (5, 7, 50)):
        real, fake = batches(draw, *sizes)
        close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


@after(test_values)
def test_partners(student, draw):
    """compares means only: the order of the images in a batch does not matter"""
    real = draw.normal(6, 4)
    close(
        student.feature_matching_loss(real, real[draw.permutation(6)]),
        torch.zeros((), dtype=torch.float64),
        atol=1e-12,
    )


@aspect("edges")
@after(test_values)
def test_one(student, draw):
    """is right for one image in a batch, and for one feature"""
    for sizes in ((1, 5, 4), (5, 1, 4), (1, 1, 4), (4, 6, 1)):
        real, fake = batches(draw, *sizes)
        close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))


@aspect("edges")
@after(test_values)
def test_large(student, draw):
    """counts differences in full, large ones too, and sends their gradients"""
    real, fake = batches(draw)
    real = real + 1000 * torch.tensor([1.0, -1.0, 0.1, 0.01], dtype=torch.float64)
    close(student.feature_matching_loss(real, fake), oracle.feature_matching_loss(real, fake))
    same_gradients(
        lambda fake: student.feature_matching_loss(real, fake),
        lambda fake: oracle.feature_matching_loss(real, fake),
        fake,
    )


@aspect("edges")
@after(test_values)
def test_agreement(student, draw):
    """has a gradient of zero where the means agree already"""
    real = draw.integers(-3, 4, 6, 4).double()
    same_gradients(
        lambda fake: student.feature_matching_loss(real, fake),
        lambda fake: oracle.feature_matching_loss(real, fake),
        real,
    )


@aspect("gradients")
@after(test_values)
def test_gradient(student, draw):
    """sends the right gradient to the features of the generated images"""
    real, fake = batches(draw, 5, 7)
    same_gradients(
        lambda fake: student.feature_matching_loss(real, fake),
        lambda fake: oracle.feature_matching_loss(real, fake),
        fake,
    )


@aspect("gradients")
def test_real_is_constant(student, draw):
    """takes the features of the real images for a constant: they get no gradient"""
    real, fake = (features.requires_grad_() for features in batches(draw, 5, 7))
    value = student.feature_matching_loss(real, fake)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad)
    value.backward()
    is_true(real.grad is None or not real.grad.any())


@aspect("gradients")
@after(test_values)
def test_layers_output(student, draw):
    """takes features that a network has just computed, with their gradient history"""
    real, fake = batches(draw, 5, 7)
    close(
        call_on_results(student, "feature_matching_loss", real, fake),
        student.feature_matching_loss(real, fake),
    )


@aspect("conventions")
def test_flags(student, draw):
    """leaves its arguments as they were"""
    flags_unchanged(student, oracle.feature_matching_loss, *batches(draw))


globals().update(usual_checks(oracle.feature_matching_loss, lambda draw: batches(draw, 4, 6)))
