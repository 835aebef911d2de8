"""Hidden checks: the magnitude loss of GDPP."""

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
from autograder.suites.gan.features import call_on_results, rounded_off
from autograder.suites.gan.gdpp_magnitude_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def rotated(draw, eigenvalues):
    """A kernel with these eigenvalues and random eigenvectors."""
    Q = torch.linalg.qr(draw.normal(len(eigenvalues), len(eigenvalues))).Q
    return (Q * eigenvalues) @ Q.T


def gram(features):
    return features @ features.T


def agrees(student, real, fake, **tolerances):
    close(
        student.gdpp_magnitude_loss(real, fake),
        oracle.gdpp_magnitude_loss(real, fake),
        **tolerances,
    )


def gradients_agree(student, real, features):
    """Through the features, because a kernel only moves symmetrically."""
    same_gradients(
        lambda features: student.gdpp_magnitude_loss(real, gram(features)),
        lambda features: oracle.gdpp_magnitude_loss(real, gram(features)),
        features,
    )


def test_values(student, draw):
    """is right for kernels with different eigenvalues and eigenvectors"""
    real, fake = 3 * draw.uniform(6), 3 * draw.uniform(6)
    expected = (real.sort().values - fake.sort().values).abs().sum()
    close(student.gdpp_magnitude_loss(rotated(draw, real), rotated(draw, fake)), expected)


def test_order(student, draw):
    """matches eigenvalues by their size, in whatever order they come"""
    real, fake = (
        torch.tensor([5.0, 1.0, 3.0, 8.0]) + draw.uniform(4),
        torch.tensor([0.5, 6.0, 2.0, 4.0]) + draw.uniform(4),
    )
    expected = (real.sort().values - fake.sort().values).abs().sum()
    close(student.gdpp_magnitude_loss(torch.diag(real), torch.diag(fake)), expected)
    close(student.gdpp_magnitude_loss(torch.diag(real), torch.diag(real.flip(0))), torch.zeros(()))


def test_each(student, draw):
    """counts every eigenvalue's difference by itself, whatever its direction"""
    spectrum = torch.tensor([1.0, 3.0, 6.0, 10.0], dtype=torch.float64)
    change = torch.tensor([0.7, -0.7, 0.4, -0.4], dtype=torch.float64)
    close(
        student.gdpp_magnitude_loss(rotated(draw, spectrum), rotated(draw, spectrum + change)),
        torch.tensor(2.2),
    )


@after(test_values)
def test_singular(student, draw):
    """counts eigenvalues that are zero in one of the kernels only, as in a collapsed batch"""
    for n_real, n_fake in ((3, 2), (2, 5), (8, 1)):
        real, fake = gram(draw.normal(7, n_real)), gram(2 * draw.normal(7, n_fake))
        agrees(student, real, fake, atol=1e-5)


@after(test_values)
def test_sizes(student, draw):
    """counts all eigenvalues of larger batches, and large ones in full"""
    for B, scale in ((12, 1.5), (40, 0.3)):
        real, fake = gram(draw.normal(B, 50)), gram(scale * draw.normal(B, 50))
        agrees(student, real, fake)
        agrees(student, 1e3 * real, 1e3 * fake)


@aspect("edges")
@after(test_values)
def test_rotation(student, draw):
    """is zero for kernels that differ in their eigenvectors only"""
    spectrum = 1 + 4 * draw.uniform(5)
    close(
        student.gdpp_magnitude_loss(rotated(draw, spectrum), rotated(draw, spectrum)),
        torch.zeros(()),
    )


@aspect("edges")
@after(test_values)
def test_rounding(student, draw):
    """takes float32 kernels that rounding has left a little asymmetric"""
    real, fake = (
        rotated(draw, 3 * draw.uniform(6)).float(),
        rotated(draw, 3 * draw.uniform(6)).float(),
    )
    value = student.gdpp_magnitude_loss(rounded_off(draw, real), rounded_off(draw, fake))
    close(value, oracle.gdpp_magnitude_loss(real, fake), rtol=1e-3, atol=1e-4)


@aspect("edges")
@after(test_values)
def test_one(student, draw):
    """is right for a batch of one"""
    agrees(student, gram(draw.normal(1, 20)), gram(1.5 * draw.normal(1, 20)))


@aspect("edges")
@after(test_values)
def test_small(student, draw):
    """counts small eigenvalues like large ones"""
    real, fake = gram(draw.normal(5, 6)), gram(1.5 * draw.normal(5, 6))
    agrees(student, 1e-6 * real, 1e-6 * fake, atol=1e-11)


@aspect("edges")
@after(test_values)
def test_repeated(student, draw):
    """sends the right gradient where eigenvalues of the fake kernel are all equal"""
    real = rotated(draw, 3 + 2 * draw.uniform(5))
    gradients_agree(student, real, torch.eye(5, 6, dtype=torch.float64))


@aspect("edges")
def test_agreement(student, draw):
    """has a finite gradient where both kernels have the same eigenvalues"""
    for scale in (1.0, 0.0):
        kernel = scale * torch.diag(torch.tensor([1.0, 2.0, 5.0], dtype=torch.float64))
        leaf = kernel.clone().requires_grad_()
        student.gdpp_magnitude_loss(kernel, leaf).backward()
        is_true(leaf.grad is not None and torch.isfinite(leaf.grad).all())


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradients to the fake kernel"""
    gradients_agree(student, gram(draw.normal(5, 6)), draw.normal(5, 6))


@aspect("gradients")
@after(test_values)
def test_gradients_singular(student, draw):
    """sends the right gradients when there are fewer features than samples"""
    for n_real, n_fake in ((3, 2), (2, 5)):
        gradients_agree(student, gram(draw.normal(7, n_real)), draw.normal(7, n_fake))


@aspect("gradients")
def test_real_constant(student, draw):
    """takes the real kernel for a constant: it gets no gradient"""
    real, fake = gram(draw.normal(5, 6)).requires_grad_(), gram(draw.normal(5, 6)).requires_grad_()
    value = student.gdpp_magnitude_loss(real, fake)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad)
    value.backward()
    is_true(real.grad is None or not real.grad.any())


@aspect("gradients")
@after(test_values)
def test_kernels_with_history(student, draw):
    """takes kernels that were just computed from a network's features, with their history"""
    real, fake = gram(draw.normal(5, 6)), gram(draw.normal(5, 6))
    close(
        call_on_results(student, "gdpp_magnitude_loss", real, fake),
        student.gdpp_magnitude_loss(real, fake),
    )


@aspect("conventions")
def test_flags(student, draw):
    """leaves its arguments as they were"""
    kernels = [rounded_off(draw, gram(draw.normal(5, 6))) for _ in range(2)]
    flags_unchanged(student, oracle.gdpp_magnitude_loss, *kernels)


globals().update(
    usual_checks(
        oracle.gdpp_magnitude_loss, lambda draw: (gram(draw.normal(5, 8)), gram(draw.normal(5, 8)))
    )
)
