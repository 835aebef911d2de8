"""Hidden checks: the magnitude loss of GDPP."""

import pytest
import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.gdpp_magnitude_loss import oracle


def rotated(draw, eigenvalues):
    """A kernel with these eigenvalues and random eigenvectors."""
    Q = torch.linalg.qr(draw.normal(len(eigenvalues), len(eigenvalues))).Q
    return (Q * eigenvalues) @ Q.T


def gram(features):
    return features @ features.T


@weight(3)
def test_values(student, draw):
    """is right for kernels with different eigenvalues and eigenvectors"""
    real, fake = 3 * draw.uniform(6), 3 * draw.uniform(6)
    expected = (real.sort().values - fake.sort().values).abs().sum()
    close(student.gdpp_magnitude_loss(rotated(draw, real), rotated(draw, fake)), expected)


@weight(2)
def test_order(student, draw):
    """matches eigenvalues by their size, in whatever order they come"""
    real, fake = (
        torch.tensor([5.0, 1.0, 3.0, 8.0]) + draw.uniform(4),
        torch.tensor([0.5, 6.0, 2.0, 4.0]) + draw.uniform(4),
    )
    expected = (real.sort().values - fake.sort().values).abs().sum()
    close(student.gdpp_magnitude_loss(torch.diag(real), torch.diag(fake)), expected)
    close(student.gdpp_magnitude_loss(torch.diag(real), torch.diag(real.flip(0))), torch.zeros(()))


@weight(2)
def test_each(student, draw):
    """counts every eigenvalue's difference by itself, whatever its direction"""
    spectrum = torch.tensor([1.0, 3.0, 6.0, 10.0], dtype=torch.float64)
    change = torch.tensor([0.7, -0.7, 0.4, -0.4], dtype=torch.float64)
    close(
        student.gdpp_magnitude_loss(rotated(draw, spectrum), rotated(draw, spectrum + change)),
        torch.tensor(2.2),
    )


def test_rotation(student, draw):
    """is zero for kernels that differ in their eigenvectors only"""
    spectrum = 1 + 4 * draw.uniform(5)
    close(
        student.gdpp_magnitude_loss(rotated(draw, spectrum), rotated(draw, spectrum)),
        torch.zeros(()),
    )


def test_singular(student, draw):
    """is right when there are fewer features than samples"""
    real, fake = gram(draw.normal(7, 3)), gram(2 * draw.normal(7, 2))
    close(
        student.gdpp_magnitude_loss(real, fake), oracle.gdpp_magnitude_loss(real, fake), atol=1e-5
    )


def test_collapse(student, draw):
    """is right when all fakes are the same"""
    real, fake = gram(draw.normal(5, 8)), gram(draw.normal(1, 8).expand(5, 8))
    close(
        student.gdpp_magnitude_loss(real, fake), oracle.gdpp_magnitude_loss(real, fake), atol=1e-5
    )


def test_rounding(student, draw):
    """takes float32 kernels that rounding has left a little asymmetric"""
    real, fake = (
        rotated(draw, 3 * draw.uniform(6)).float(),
        rotated(draw, 3 * draw.uniform(6)).float(),
    )
    noise = [1e-7 * draw.normal(6, 6, dtype=torch.float32) for _ in range(2)]
    value = student.gdpp_magnitude_loss(real + noise[0], fake + noise[1])
    close(value, oracle.gdpp_magnitude_loss(real, fake), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("B", [1, 12])
def test_sizes(student, draw, B):
    """sums over the eigenvalues, for batches of any size"""
    real, fake = gram(draw.normal(B, 20)), gram(1.5 * draw.normal(B, 20))
    close(student.gdpp_magnitude_loss(real, fake), oracle.gdpp_magnitude_loss(real, fake))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the fake kernel"""
    real, features = gram(draw.normal(5, 6)), draw.normal(5, 6)
    # through the features, because a kernel only moves symmetrically
    same_gradients(
        lambda features: student.gdpp_magnitude_loss(real, gram(features)),
        lambda features: oracle.gdpp_magnitude_loss(real, gram(features)),
        features,
    )


@weight(3)
def test_real_constant(student, draw):
    """counts the real kernel as a constant"""
    real, fake = gram(draw.normal(5, 6)).requires_grad_(), gram(draw.normal(5, 6)).requires_grad_()
    student.gdpp_magnitude_loss(real, fake).backward()
    is_true(real.grad is None or not real.grad.any())
    is_true(fake.grad is not None and fake.grad.any())


globals().update(
    usual_checks(
        oracle.gdpp_magnitude_loss,
        lambda draw: (gram(draw.normal(5, 6)), gram(draw.normal(5, 6))),
        rtol=1e-8,
        atol=1e-10,
    )
)
