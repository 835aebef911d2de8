"""Hidden checks: the structure loss of GDPP. Kernels are built from eigenvectors and eigenvalues
that are chosen, far apart.
"""

import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.gdpp_structure_loss import oracle


def directions(draw, B):
    """A random orthogonal matrix: eigenvectors in columns."""
    return torch.linalg.qr(draw.normal(B, B)).Q


def spectrum(draw, B, low=0.5):
    """Rising eigenvalues, at least 0.5 apart and unevenly spaced."""
    return low + (0.5 + 1.5 * draw.uniform(B)).cumsum(0)


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


@weight(3)
def test_values(student, draw):
    """is right for kernels that are built from known eigenvectors"""
    for B in (3, 6):
        V, values, U = directions(draw, B), spectrum(draw, B), directions(draw, B)
        close(
            student.gdpp_structure_loss(kernel(V, values), kernel(U, spectrum(draw, B))),
            expected_loss(V, values, U),
        )


@weight(2)
def test_sign(student, draw):
    """does not depend on the signs that a solver gives to the eigenvectors"""
    for B in (
        4,
        5,
        6,
        7,
    ):  # many solvers fix signs by what else is in the matrix: here only the eigenvalues change
        V, values = directions(draw, B), spectrum(draw, B)
        close(
            student.gdpp_structure_loss(kernel(V, values), kernel(V, spectrum(draw, B))),
            expected_loss(V, values, V),
        )
    flips = (2 * draw.integers(0, 2, 5) - 1).double()
    real, fake = pair(draw)
    turned = (
        flips[:, None] * real * flips,
        flips[:, None] * fake * flips,
    )  # the same question in mirrored coordinates
    close(student.gdpp_structure_loss(*turned), oracle.gdpp_structure_loss(real, fake))


@weight(2)
def test_order(student, draw):
    """matches eigenvectors by the size of their eigenvalues, in whatever order they come"""
    real = torch.tensor([4.0, 1.0, 7.0, 2.0], dtype=torch.float64) + 0.4 * draw.uniform(4)
    fake = torch.tensor([3.0, 9.0, 5.0, 1.0], dtype=torch.float64) + 0.4 * draw.uniform(4)
    turn = torch.linalg.qr(torch.eye(4, dtype=torch.float64) + 0.2 * draw.normal(4, 4)).Q
    V, U = torch.eye(4, dtype=torch.float64)[:, real.argsort()], turn[:, fake.argsort()]
    value = student.gdpp_structure_loss(torch.diag(real), kernel(U, fake.sort().values))
    close(value, expected_loss(V, real.sort().values, U))


@weight(2)
def test_weights(student, draw):
    """weighs by the real eigenvalues, stretched to run from 0 to 1"""
    V, U = directions(draw, 4), directions(draw, 4)
    fake = kernel(U, spectrum(draw, 4))
    for values in ([0.1, 0.2, 0.5, 20.0], [10.0, 11.0, 14.0, 15.0], [0.01, 30.0, 31.0, 32.0]):
        real_values = torch.tensor(values, dtype=torch.float64)
        close(
            student.gdpp_structure_loss(kernel(V, real_values), fake),
            expected_loss(V, real_values, U),
        )


def test_fake_spectrum(student, draw):
    """looks at the directions of the fake kernel, not at its eigenvalues"""
    V, values, U = directions(draw, 5), spectrum(draw, 5), directions(draw, 5)
    for scale in (0.01, 1.0, 100.0):
        fake = kernel(U, scale * spectrum(draw, 5))
        close(student.gdpp_structure_loss(kernel(V, values), fake), expected_loss(V, values, U))


def test_singular(student, draw):
    """is right when there are fewer features than samples"""
    V, values, U, others = (
        directions(draw, 6),
        spectrum(draw, 6),
        directions(draw, 6),
        spectrum(draw, 6),
    )
    values[:2], others[:2] = 0.0, 0.0
    close(
        student.gdpp_structure_loss(kernel(V, values), kernel(U, others)),
        expected_loss(V, values, U),
        atol=1e-5,
    )


def test_smallest(student, draw):
    """works for batches of two"""
    real, fake = pair(draw, 2)
    close(student.gdpp_structure_loss(real, fake), oracle.gdpp_structure_loss(real, fake))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the fake kernel"""
    real, fake = pair(draw)
    # through a factor, because a kernel only moves symmetrically
    same_gradients(
        lambda factor: student.gdpp_structure_loss(real, factor @ factor.T),
        lambda factor: oracle.gdpp_structure_loss(real, factor @ factor.T),
        torch.linalg.cholesky(fake),
    )


def test_slope(student, draw):
    """has a gradient that foretells how the loss changes when the fake kernel moves"""
    real, fake = pair(draw)
    step = draw.normal(5, 5)
    step = 1e-5 * (step + step.T) / 2
    leaf = fake.clone().requires_grad_()
    student.gdpp_structure_loss(real, leaf).backward()
    change = oracle.gdpp_structure_loss(real, fake + step) - oracle.gdpp_structure_loss(
        real, fake - step
    )
    close((leaf.grad * step).sum() / 1e-5, change / 2e-5, rtol=1e-3, atol=1e-5)


@weight(3)
def test_real_constant(student, draw):
    """counts the real kernel as a constant"""
    real, fake = (matrix.requires_grad_() for matrix in pair(draw))
    student.gdpp_structure_loss(real, fake).backward()
    is_true(real.grad is None or not real.grad.any())
    is_true(fake.grad is not None and fake.grad.any())


def test_rounding(student, draw):
    """takes float32 kernels that rounding has left a little asymmetric"""
    real, fake = pair(draw)
    noisy = [
        matrix.float() + 1e-7 * draw.normal(5, 5, dtype=torch.float32) for matrix in (real, fake)
    ]
    close(
        student.gdpp_structure_loss(*noisy),
        oracle.gdpp_structure_loss(real, fake),
        rtol=1e-3,
        atol=1e-4,
    )


globals().update(usual_checks(oracle.gdpp_structure_loss, pair, rtol=1e-8, atol=1e-9))
