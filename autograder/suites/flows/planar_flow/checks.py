"""Hidden checks: the planar layer."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.planar_flow import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, n=5, n_coordinates=3, along=None):
    """x, w, u_hat and b. along: w . u_hat, or any."""
    x, w, u_hat = (
        draw.normal(n, n_coordinates),
        draw.normal(n_coordinates),
        draw.normal(n_coordinates),
    )
    if along is not None:
        u_hat = u_hat + (along - w @ u_hat) * w / (w @ w)
    return x, w, u_hat, draw.normal(1)[0]


def parts(student, *arguments):
    value = student.planar_flow(*arguments)
    is_true(isinstance(value, list | tuple) and len(value) == 2, "not two results")
    return value


def agree(student, *arguments):
    close(student.planar_flow(*arguments), oracle.planar_flow(*arguments))


def test_z(student, draw):
    """moves each sample along u_hat, by the tanh of its own w . x + b"""
    for n, n_coordinates in ((5, 3), (3, 3), (4, 2)):
        arguments = given(draw, n, n_coordinates)
        close(parts(student, *arguments)[0], oracle.planar_flow(*arguments)[0])


@pytest.mark.parametrize("along", [-0.9, -0.3, 0.0, 0.7, 6.0])
def test_log_det(student, draw, along):
    """has the log-determinant of the Jacobian, one for each sample, whatever w . u_hat"""
    arguments = given(draw, along=along)
    close(parts(student, *arguments)[1], oracle.planar_flow(*arguments)[1])


@after(test_log_det)
def test_folded(student, draw):
    """takes the determinant's absolute value where the layer is not invertible"""
    x, w, u_hat, _ = given(draw, n=8, along=-4.0)
    b = -(x @ w).mean()  # samples on both sides, and near the plane
    agree(student, 0.3 * x, w, u_hat, 0.3 * b)


@after(test_log_det)
@pytest.mark.parametrize("n, n_coordinates", [(1, 3), (4, 1), (1, 1), (2, 9)])
def test_sizes(student, draw, n, n_coordinates):
    """takes a batch of one sample, and samples of one coordinate or of many"""
    agree(student, *given(draw, n, n_coordinates))


@aspect("gradients")
@pytest.mark.parametrize("along", [-0.8, 2.0])
@pytest.mark.parametrize("part", [0, 1], ids=["z", "log_det"])
def test_gradients(student, draw, along, part):
    """sends the right gradients to x, w, u_hat and b, from z and from the log-determinant"""
    same_gradients(
        lambda *arguments: parts(student, *arguments)[part],
        lambda x, w, u_hat, b: oracle.planar_flow(x, w, u_hat, b)[part],
        *given(draw, along=along),
    )


@aspect("gradients")
@after(test_log_det)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("distance", [30.0, 400.0, 1e5])
def test_far_away(student, draw, dtype, distance):
    """is finite far from the plane, on both sides, with finite gradients; log_det is 0 there"""
    x, w, u_hat, b = given(draw, n=4)
    side = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    x = x - torch.outer(x @ w, w) / (w @ w) + distance * torch.outer(side, w) / (w @ w)
    leaves = [each.to(dtype).requires_grad_() for each in (x, w, u_hat, b)]
    z, log_det = parts(student, *leaves)
    close(z, x.to(dtype) + torch.outer(side, u_hat).to(dtype), rtol=1e-5)
    close(log_det, torch.zeros(4))
    (z.sum() + log_det.sum()).backward()
    for leaf in leaves:
        is_true(leaf.grad is not None and leaf.grad.isfinite().all(), "a gradient is not finite")


@aspect("edges")
@after(test_log_det)
def test_zeros(student, draw):
    """moves all samples alike if w is zero, and none if u_hat is"""
    x, w, u_hat, b = given(draw)
    agree(student, x, torch.zeros_like(w), u_hat, b)
    agree(student, x, w, torch.zeros_like(u_hat), b)


@aspect("edges")
@after(test_log_det)
def test_sharp(student, draw):
    """is right for large w and u_hat, and close to the plane, where the stretching is strong"""
    x, w, u_hat, b = given(draw, n=4, along=40.0)
    agree(student, x, 20 * w, u_hat, b)
    x = x - torch.outer(x @ w + b, w) / (w @ w)  # on the plane
    agree(student, x, w, u_hat, b)


@aspect("edges")
@after(test_log_det)
def test_nearly_folded(student, draw):
    """is exact where the determinant is close to 0"""
    x, w, u_hat, b = given(draw, n=4, along=-0.9999)
    x = x - torch.outer(x @ w + b, w) / (w @ w)
    agree(student, x, w, u_hat, b)


@aspect("edges")
def test_many_coordinates(student, draw):
    """takes samples of many coordinates"""
    arguments = given(draw)
    once_right(student.planar_flow(*arguments), oracle.planar_flow(*arguments))
    x, w, u_hat, b = given(draw, n=3, n_coordinates=300)
    w = w / 300**0.5
    z, log_det = student.planar_flow(x, w, u_hat, b)
    bend = (x @ w + b).tanh()
    close(z, x + torch.outer(bend, u_hat))
    close(log_det, (1 + (w @ u_hat) * (1 - bend**2)).abs().log())


globals().update(usual_checks(oracle.planar_flow, lambda draw: given(draw, along=1.3)))
