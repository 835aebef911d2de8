"""Hidden checks: spectral normalisation by power iteration."""

import pytest
import torch

from autograder.checks import close, has_shape, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.spectral_normalize import oracle


@weight(3)
@pytest.mark.parametrize("shape", [(5, 3), (3, 7)])
def test_one_iteration(student, draw, shape):
    """gives weight and u after one iteration from a random u, for tall and for wide matrices"""
    weight, u = draw.normal(*shape), draw.normal(shape[0])
    close(student.spectral_normalize(weight, u), oracle.spectral_normalize(weight, u))


@weight(2)
@pytest.mark.parametrize("n_iterations", [2, 3, 6])
def test_more_iterations(student, draw, n_iterations):
    """takes as many iterations as it is told, no more and no fewer"""
    weight, u = draw.normal(6, 5), draw.normal(6)
    expected = oracle.spectral_normalize(weight, u, n_iterations)
    close(student.spectral_normalize(weight, u, n_iterations), expected)


@weight(2)
def test_singular_value(student, draw):
    """finds the largest singular value after many iterations, when it is far from 1"""
    left, right = torch.linalg.qr(draw.normal(6, 6)).Q, torch.linalg.qr(draw.normal(4, 4)).Q
    for scale in (7.0, 0.02):
        weight = (
            scale
            * left[:, :4]
            @ torch.diag(torch.tensor([1.0, 0.6, 0.5, 0.1], dtype=torch.float64))
            @ right
        )
        normalised, u = student.spectral_normalize(weight, draw.normal(6), 60)
        close(normalised, weight / torch.linalg.svdvals(weight)[0])
        close((u @ left[:, 0]).abs(), 1.0)


@weight(3)
def test_convolution(student, draw):
    """flattens a convolution's weight to one row per output channel and gives it back in
    its shape
    """
    weight, u = draw.normal(4, 3, 2, 5), draw.normal(4)
    close(student.spectral_normalize(weight, u, 2), oracle.spectral_normalize(weight, u, 2))
    weight, u = draw.normal(3, 3, 3), draw.normal(3)
    close(student.spectral_normalize(weight, u), oracle.spectral_normalize(weight, u))


def test_scale_of_u(student, draw):
    """does not depend on the length of u"""
    weight, u = draw.normal(5, 4), draw.normal(5)
    expected = oracle.spectral_normalize(weight, u)
    for scale in (0.001, 100.0):
        close(student.spectral_normalize(weight, scale * u), expected)


@weight(2)
def test_kept_vector(student, draw):
    """goes on from the u that it returned: three calls do what one call with three
    iterations does
    """
    weight, u = draw.normal(5, 6), draw.normal(5)
    expected = oracle.spectral_normalize(weight, u, 3)
    for _ in range(3):
        result = student.spectral_normalize(weight, u)
        is_true(isinstance(result, tuple | list) and len(result) == 2)
        u = result[1]
        has_shape(u, 5)
        close(u.norm(), 1.0)
    close(result, expected)


@weight(4)
@pytest.mark.parametrize("shape", [(4, 6), (4, 2, 3, 2)])
def test_gradient(student, draw, shape):
    """sends the weight the gradient that accounts for sigma, with u and v held constant"""
    u = draw.normal(4)
    same_gradients(
        lambda weight: student.spectral_normalize(weight, u)[0],
        lambda weight: oracle.spectral_normalize(weight, u)[0],
        draw.normal(*shape),
    )


def test_gradient_more_iterations(student, draw):
    """holds u and v constant for the gradient after several iterations too"""
    u = draw.normal(5)
    same_gradients(
        lambda weight: student.spectral_normalize(weight, u, 4)[0],
        lambda weight: oracle.spectral_normalize(weight, u, 4)[0],
        draw.normal(5, 3),
    )


@weight(2)
def test_detached(student, draw):
    """returns a new u without a graph, even when the weight needs gradients"""
    weight, u = draw.normal(5, 3).requires_grad_(), draw.normal(5)
    normalised, new = student.spectral_normalize(weight, u)
    close(new, oracle.spectral_normalize(weight, u)[1])
    is_true(normalised.requires_grad, "the weight gets no gradient")
    is_true(not new.requires_grad, "u has a graph")


def test_single_row(student, draw):
    """works for a weight with one output, or one input"""
    for shape in ((1, 6), (6, 1)):
        weight, u = draw.normal(*shape), draw.normal(shape[0])
        close(student.spectral_normalize(weight, u), oracle.spectral_normalize(weight, u))


globals().update(
    usual_checks(
        oracle.spectral_normalize,
        lambda draw: (draw.normal(5, 4), draw.normal(5), 2),
        weights={"inputs": 1.5},
        rtol=1e-9,
    )
)
