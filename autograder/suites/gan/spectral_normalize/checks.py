"""Hidden checks: spectral normalisation by power iteration."""

import pytest
import torch

from autograder.checks import after, aspect, close, has_shape, is_true, same_gradients, usual_checks
from autograder.suites.gan.spectral_normalize import oracle

ASPECTS = {"values": 0.3, "images": 0.15, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agree(student, *given):
    close(student.spectral_normalize(*given), oracle.spectral_normalize(*given))


def in_order(student, draw):
    """Fails for an answer that gets a plain matrix wrong."""
    agree(student, draw.normal(5, 4), draw.normal(5))


@pytest.mark.parametrize("shape", [(5, 3), (3, 7), (4, 4)])
def test_one_iteration(student, draw, shape):
    """gives weight and u after one iteration from a random u, for tall and for wide matrices"""
    agree(student, draw.normal(*shape), draw.normal(shape[0]))


@pytest.mark.parametrize("n_iterations", [2, 3, 6])
def test_more_iterations(student, draw, n_iterations):
    """takes as many iterations as it is told, no more and no fewer"""
    agree(student, draw.normal(6, 5), draw.normal(6), n_iterations)


@pytest.mark.parametrize("scale", [7.0, 0.02, 1e-6])
def test_singular_value(student, draw, scale):
    """finds the largest singular value after many iterations, however large or small it is"""
    left, right = torch.linalg.qr(draw.normal(6, 6)).Q, torch.linalg.qr(draw.normal(4, 4)).Q
    values = scale * torch.tensor([1.0, 0.6, 0.5, 0.1], dtype=torch.float64)
    weight = left[:, :4] @ torch.diag(values) @ right
    normalised, u = student.spectral_normalize(weight, draw.normal(6), 60)
    close(normalised, weight / scale)
    close((u @ left[:, 0]).abs(), 1.0)


@after(in_order)
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


@aspect("images")
@pytest.mark.parametrize("shape", [(4, 3, 2, 5), (3, 3, 3), (3, 3, 4, 4), (2, 1, 3, 3)])
def test_convolution(student, draw, shape):
    """flattens a convolution's weight to one row per output channel and gives it back in
    its shape
    """
    for n_iterations in (1, 2):
        agree(student, draw.normal(*shape), draw.normal(shape[0]), n_iterations)


@aspect("gradients")
@pytest.mark.parametrize("shape", [(4, 6), (6, 2, 3, 2), (5, 3)])
@pytest.mark.parametrize("n_iterations", [1, 4])
def test_gradient(student, draw, shape, n_iterations):
    """sends the weight the gradient that accounts for sigma, with u and v held constant"""
    u = draw.normal(shape[0])
    same_gradients(
        lambda weight: student.spectral_normalize(weight, u, n_iterations)[0],
        lambda weight: oracle.spectral_normalize(weight, u, n_iterations)[0],
        draw.normal(*shape),
    )


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("scale", [0.001, 100.0])
def test_scale_of_u(student, draw, scale):
    """does not depend on the length of u"""
    weight, u = draw.normal(5, 4), draw.normal(5)
    close(student.spectral_normalize(weight, scale * u), oracle.spectral_normalize(weight, u))


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (1, 1), (1, 2, 3, 3), (3, 1, 1, 1)])
def test_single_row(student, draw, shape):
    """works for a weight with one output, or one input"""
    agree(student, draw.normal(*shape), draw.normal(shape[0]), 2)


@aspect("conventions")
@after(in_order)
def test_detached(student, draw):
    """returns a new u without a graph, even when the weight or the old u needs gradients"""
    weight, u = draw.normal(5, 3).requires_grad_(), draw.normal(5)
    expected = oracle.spectral_normalize(weight, u)[1]
    for old in (u, u.clone().requires_grad_()):
        normalised, new = student.spectral_normalize(weight, old)
        close(new, expected)
        is_true(normalised.requires_grad, "the weight gets no gradient")
        is_true(not new.requires_grad, "u has a graph")
        normalised.sum().backward()
        is_true(old.grad is None or not old.grad.any(), "the old u gets a gradient")


def layers(draw):
    """A matrix, and the weight of a convolution."""
    yield draw.normal(5, 4), draw.normal(5), 2
    yield draw.normal(4, 3, 2, 3), draw.normal(4), 1


globals().update(usual_checks(oracle.spectral_normalize, layers))
