"""Hidden checks: the inverse of the 1x1 convolution."""

import pytest
import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.flows.image_flows import matrix
from autograder.suites.flows.invertible_conv import oracle as forward
from autograder.suites.flows.invertible_conv_inverse import oracle

ASPECTS = {"values": 0.5, "images": 0.15, "gradients": 0.15, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    close(
        student.invertible_conv_inverse(*given),
        oracle.invertible_conv_inverse(*given),
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("size", [2, 3, 6])
def test_values(student, draw, size):
    """is right for weights of either sign of the determinant"""
    for negative in (False, True):
        agree(student, draw.normal(3, size, 4, 5), matrix(draw, size, negative=negative))


def test_round_trip(student, draw):
    """brings back what the convolution mixed"""
    x, weight = draw.normal(2, 4, 3, 2), matrix(draw, 4)
    z = forward.invertible_conv(x, weight)[0]
    close(student.invertible_conv_inverse(z, weight), x)


def test_permutation(student, draw):
    """is right for weights that only move or scale channels"""
    z, order = draw.normal(2, 3, 3, 2), torch.tensor([2, 0, 1])
    eye = torch.eye(3, dtype=torch.float64)
    for weight in (eye[order], 0.5 * eye, torch.diag(torch.tensor([3.0, -1.0, 0.2]).double())):
        agree(student, z, weight)


@aspect("images")
@pytest.mark.parametrize("shape", [(3, 4, 14, 14), (2, 16, 7, 7), (1, 12, 2, 6), (4, 2, 1, 3)])
def test_images(student, draw, shape):
    """is right for the sizes of the lab, and for height and width that differ"""
    agree(student, draw.normal(*shape), matrix(draw, shape[1]))


@aspect("gradients")
@pytest.mark.parametrize("shape", [(3, 2, 2, 3), (1, 3, 2, 1)])
def test_gradients(student, draw, shape):
    """sends the right gradients to z and to the weight"""
    same_gradients(
        student.invertible_conv_inverse,
        oracle.invertible_conv_inverse,
        draw.normal(*shape),
        matrix(draw, shape[1]),
    )


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("scale", [1e-8, 1e8, 1e-30])
def test_scale(student, draw, scale):
    """is right for weights that are very small or very large"""
    z, weight = draw.normal(2, 8, 2, 3), scale * matrix(draw, 8)
    x = student.invertible_conv_inverse(z, weight)
    close(x * scale, oracle.invertible_conv_inverse(z, weight) * scale)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 3, 2, 2), (4, 1, 3, 2), (2, 2, 1, 1), (1, 1, 1, 1)])
def test_smallest(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    weight = -2.5 * torch.ones(1, 1).double() if shape[1] == 1 else matrix(draw, shape[1])
    agree(student, draw.normal(*shape), weight)


globals().update(
    usual_checks(
        oracle.invertible_conv_inverse, lambda draw: (draw.normal(3, 4, 2, 5), matrix(draw, 4))
    )
)
