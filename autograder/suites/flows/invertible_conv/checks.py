"""Hidden checks: the invertible 1x1 convolution."""

import pytest
import torch

from autograder.checks import after, aspect, close, usual_checks
from autograder.suites.flows.image_flows import (
    jacobian_log_det,
    matrix,
    same_gradients_of_all,
    same_parts,
)
from autograder.suites.flows.invertible_conv import oracle

ASPECTS = {"values": 0.45, "images": 0.15, "gradients": 0.2, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    same_parts(student.invertible_conv(*given), oracle.invertible_conv(*given))


@pytest.mark.parametrize("size", [2, 3, 6])
def test_values(student, draw, size):
    """mixes the channels by the rows of the weight, and gives the log-determinant"""
    for negative in (False, True):
        agree(student, draw.normal(3, size, 4, 5), matrix(draw, size, negative=negative))


@pytest.mark.parametrize("negative", [False, True])
def test_jacobian(student, draw, negative):
    """has the log-determinant of its own values, by the Jacobian"""
    x, weight = draw.normal(2, 3, 2, 3), matrix(draw, 3, negative=negative)
    z, log_det = student.invertible_conv(x, weight)
    close(z, oracle.invertible_conv(x, weight)[0])
    close(log_det, jacobian_log_det(lambda x: student.invertible_conv(x, weight)[0], x))


def test_permutation(student, draw):
    """is right for weights that only move or scale channels"""
    x, order = draw.normal(2, 4, 3, 2), torch.tensor([2, 0, 3, 1])
    eye = torch.eye(4, dtype=torch.float64)
    for weight in (eye[order], 0.5 * eye, torch.diag(torch.tensor([3.0, -1.0, 0.2, 1.0]).double())):
        close(student.invertible_conv(x, weight)[0], torch.einsum("ij,bjhw->bihw", weight, x))
        agree(student, x, weight)


@aspect("images")
@pytest.mark.parametrize("shape", [(3, 4, 14, 14), (2, 16, 7, 7), (1, 12, 2, 6), (4, 2, 1, 3)])
def test_images(student, draw, shape):
    """is right for the sizes of the lab, and for height and width that differ"""
    agree(student, draw.normal(*shape), matrix(draw, shape[1]))


@aspect("gradients")
@pytest.mark.parametrize("shape", [(3, 2, 2, 3), (1, 4, 3, 1)])
@pytest.mark.parametrize("negative", [False, True])
def test_gradients(student, draw, shape, negative):
    """sends the right gradients to x and to the weight, through z and the log-determinant"""
    same_gradients_of_all(
        student.invertible_conv,
        oracle.invertible_conv,
        "x weight",
        draw.normal(*shape),
        matrix(draw, shape[1], negative=negative),
    )


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_extreme_determinant(student, draw, scale):
    """is right for weights whose determinant under- or overflows"""
    agree(student, draw.normal(2, 16, 2, 3), scale * matrix(draw, 16))


@aspect("edges")
@after(test_values)
def test_extreme_float32(student, draw):
    """is right for determinants beyond float32, if x and weight are of that type"""
    for scale in (1e-3, 1e3):
        x, weight = draw.normal(2, 16, 1, 2).float(), (scale * matrix(draw, 16)).float()
        expected = oracle.invertible_conv(x.double(), weight.double())
        close(student.invertible_conv(x, weight), expected, rtol=1e-3, atol=1e-2 * scale)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 3, 2, 2), (4, 1, 3, 2), (2, 2, 1, 1), (1, 1, 1, 1)])
def test_smallest(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    weight = -2.5 * torch.ones(1, 1).double() if shape[1] == 1 else matrix(draw, shape[1])
    agree(student, draw.normal(*shape), weight)


globals().update(
    usual_checks(oracle.invertible_conv, lambda draw: (draw.normal(3, 4, 2, 5), matrix(draw, 4)))
)
