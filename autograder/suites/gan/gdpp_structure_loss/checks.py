"""Hidden checks: the structure loss of GDPP. Kernels are built from eigenvectors and eigenvalues
that are chosen, far apart.
"""

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
from autograder.suites.gan.gdpp_structure_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def directions(draw, B):
    """A random orthogonal matrix: eigenvectors in columns."""
    return torch.linalg.qr(draw.normal(B, B)).Q


def spectrum(draw, B, zeros=0):
    """Rising eigenvalues, at least 0.5 apart and unevenly spaced, after as many zeros."""
    rising = 0.5 + (0.5 + 1.5 * draw.uniform(B - zeros)).cumsum(0)
    return torch.cat([rising.new_zeros(zeros), rising])


def kernel(eigenvectors, eigenvalues):
    return (eigenvectors * eigenvalues) @ eigenvectors.T


def pair(draw, B=5):
    """Real and fake kernels, both of full rank."""
    return kernel(directions(draw, B), spectrum(draw, B)), kernel(
        directions(draw, B), spectrum(draw, B)
    )


def expected_loss(real_vectors, real_values, fake_vectors):
    """By construction: columns match by index, eigenvalues rising."""
    weights = (real_values - real_values[0]) / (real_values[-1] - real_values[0])
    return -(weights * torch.einsum("ki,ki->i", real_vectors, fake_vectors).abs()).sum()


def gradients_agree(student, real, factor):
    """Through a factor, because a kernel only moves symmetrically."""
    same_gradients(
        lambda factor: student.gdpp_structure_loss(real, factor @ factor.T),
        lambda factor: oracle.gdpp_structure_loss(real, factor @ factor.T),
        factor,
    )


def ordinary(student, draw):
    for B in (3, 6):
        V, values, U = directions(draw, B), spectrum(draw, B), directions(draw, B)
        close(
            student.gdpp_structure_loss(kernel(V, values), kernel(U, spectrum(draw, B))),
            expected_loss(V, values, U),
        )


def test_values(student, draw):
    """is right for kernels that are built from known eigenvectors"""
    ordinary(student, draw)


@after(ordinary)
def test_sign(student, draw):
    """does not depend on the signs that a solver gives to the eigenvectors"""
    for B in (4, 5, 6, 7):
        # many solvers fix signs by what else is in the matrix: here only the eigenvalues change
        V, values = directions(draw, B), spectrum(draw, B)
        real = kernel(V, values)
        close(
            student.gdpp_structure_loss(real, kernel(V, spectrum(draw, B))),
            student.gdpp_structure_loss(real, real),
        )
    real, fake = pair(draw)
    flips = (2 * draw.integers(0, 2, 5) - 1).double()
    turned = (flips[:, None] * each * flips for each in (real, fake))  # in mirrored coordinates
    close(student.gdpp_structure_loss(*turned), student.gdpp_structure_loss(real, fake))


@after(ordinary)
def test_order(student, draw):
    """matches eigenvectors by the size of their eigenvalues, in whatever order they come"""
    real = torch.tensor([4.0, 1.0, 7.0, 2.0], dtype=torch.float64) + 0.4 * draw.uniform(4)
    fake = torch.tensor([3.0, 9.0, 5.0, 1.0], dtype=torch.float64) + 0.4 * draw.uniform(4)
    turn = torch.linalg.qr(torch.eye(4, dtype=torch.float64) + 0.2 * draw.normal(4, 4)).Q
    kernels = torch.diag(real), (turn * fake) @ turn.T
    order = real.argsort()
    close(
        student.gdpp_structure_loss(*kernels),
        student.gdpp_structure_loss(*(each[order][:, order] for each in kernels)),
    )


def test_weights(student, draw):
    """weighs by the real eigenvalues, stretched to run from 0 to 1"""
    V = directions(draw, 4)
    for values in ([0.1, 0.2, 0.5, 20.0], [10.0, 11.0, 14.0, 15.0], [0.01, 30.0, 31.0, 32.0]):
        real_values = torch.tensor(values, dtype=torch.float64)
        real = kernel(V, real_values)
        close(student.gdpp_structure_loss(real, real), expected_loss(V, real_values, V))


def test_angle(student, draw):
    """counts the size of the cosine between matching eigenvectors, whatever their angle"""
    real = torch.diag(torch.tensor([0.0, 2.0], dtype=torch.float64))  # only the second one counts
    for angle in draw.uniform(4) + torch.tensor([0.1, 1.1, 2.1, 4.0]):
        turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).reshape(2, 2)
        fake = kernel(turn, torch.tensor([1.0, 3.0], dtype=torch.float64))
        close(student.gdpp_structure_loss(real, fake), -angle.cos().abs())


@after(ordinary)
def test_larger_batch(student, draw):
    """counts all eigenvectors of larger batches"""
    V, values, U = directions(draw, 13), spectrum(draw, 13), directions(draw, 13)
    close(
        student.gdpp_structure_loss(kernel(V, values), kernel(U, spectrum(draw, 13))),
        expected_loss(V, values, U),
    )


@after(ordinary)
def test_singular(student, draw):
    """is right when there are fewer features than samples"""
    for n_real, n_fake in ((2, 2), (3, 1)):
        V, U = directions(draw, 6), directions(draw, 6)
        values, others = spectrum(draw, 6, zeros=n_real), spectrum(draw, 6, zeros=n_fake)
        close(
            student.gdpp_structure_loss(kernel(V, values), kernel(U, others)),
            expected_loss(V, values, U),
            atol=1e-5,
        )


@aspect("edges")
@after(ordinary)
def test_fake_spectrum(student, draw):
    """looks at the directions of the fake kernel, not at its eigenvalues"""
    V, values, U = directions(draw, 5), spectrum(draw, 5), directions(draw, 5)
    for scale in (1e-6, 0.01, 1.0, 100.0):
        fake = kernel(U, scale * spectrum(draw, 5))
        close(student.gdpp_structure_loss(kernel(V, values), fake), expected_loss(V, values, U))


@aspect("edges")
@after(ordinary)
def test_small(student, draw):
    """stretches the weights to run from 0 to 1 also where the real eigenvalues are small"""
    V, values, U = directions(draw, 5), 1e-2 * spectrum(draw, 5), directions(draw, 5)
    fake = kernel(U, spectrum(draw, 5))
    close(
        student.gdpp_structure_loss(kernel(V, values), fake),
        expected_loss(V, values, U),
        rtol=1e-3,
    )


@aspect("edges")
@after(ordinary)
def test_rounding(student, draw):
    """takes float32 kernels that rounding has left a little asymmetric"""
    real, fake = pair(draw)
    close(
        student.gdpp_structure_loss(*(rounded_off(draw, each.float()) for each in (real, fake))),
        oracle.gdpp_structure_loss(real, fake),
        rtol=1e-3,
        atol=1e-4,
    )


@aspect("gradients")
@after(ordinary)
def test_gradients(student, draw):
    """sends the right gradients to the fake kernel"""
    real, fake = pair(draw)
    gradients_agree(student, real, torch.linalg.cholesky(fake))


@aspect("gradients")
@after(ordinary)
def test_gradients_singular(student, draw):
    """sends the right gradients when the kernels are singular, the fake one with a single zero"""
    for n_real in (1, 3):
        real = kernel(directions(draw, 5), spectrum(draw, 5, zeros=n_real))
        factor = directions(draw, 5) * spectrum(draw, 5, zeros=1).sqrt()
        gradients_agree(student, real, factor[:, 1:])


@aspect("gradients")
def test_real_constant(student, draw):
    """takes the real kernel for a constant, in directions and weights: it gets no gradient"""
    real, fake = (matrix.requires_grad_() for matrix in pair(draw))
    value = student.gdpp_structure_loss(real, fake)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad)
    value.backward()
    is_true(real.grad is None or not real.grad.any())


@aspect("gradients")
@after(ordinary)
def test_kernels_with_history(student, draw):
    """takes kernels that were just computed from a network's features, with their history"""
    real, fake = pair(draw)
    close(
        call_on_results(student, "gdpp_structure_loss", real, fake),
        student.gdpp_structure_loss(real, fake),
    )


@aspect("conventions")
def test_flags(student, draw):
    """leaves its arguments as they were"""
    kernels = [rounded_off(draw, each) for each in pair(draw)]
    flags_unchanged(student, oracle.gdpp_structure_loss, *kernels)


globals().update(usual_checks(oracle.gdpp_structure_loss, pair))
