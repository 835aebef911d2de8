"""Hidden checks: the direction of a planar layer that is invertible."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    once_right,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.planar_u_hat import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}

DTYPES = pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32], ids=["float64", "float32"]
)


def given(draw, n=3, along=None):
    """u and w. along: w . u, or any."""
    u, w = draw.normal(n), draw.normal(n)
    return u if along is None else u + (along - w @ u) * w / (w @ w), w


@pytest.mark.parametrize("along", [-6.0, -1.0, -0.2, 0.0, 0.8, 5.0])
def test_values(student, draw, along):
    """is right whether w . u lies below -1, near 0 or above"""
    u, w = given(draw, along=along)
    close(student.planar_u_hat(u, w), oracle.planar_u_hat(u, w))


@after(test_values)
@pytest.mark.parametrize("along", [-3.0, 1.0])
def test_perpendicular(student, draw, along):
    """keeps what is perpendicular to w, and makes w . u_hat what it should be"""
    u, w = given(draw, n=5, along=along)
    u_hat = student.planar_u_hat(u, w)
    close(w @ u_hat, torch.log1p(torch.exp(w @ u)) - 1)
    close(u_hat - (w @ u_hat) * w / (w @ w), u - (w @ u) * w / (w @ w))


@after(test_values)
@pytest.mark.parametrize("n", [1, 2, 40])
def test_sizes(student, draw, n):
    """takes vectors of one coordinate and of many"""
    for along in (-2.0, 3.0):
        u, w = given(draw, n=n, along=along)
        close(student.planar_u_hat(u, w), oracle.planar_u_hat(u, w))


@after(test_values)
@DTYPES
@pytest.mark.parametrize("along", [100.0, 1e3, 1e6, -100.0, -1e3, -1e6])
def test_large_products(student, draw, along, dtype):
    """is finite and exact where w . u is far above or below zero"""
    u, w = (each.to(dtype) for each in given(draw, along=along))
    size = u.norm()  # of which rounding leaves a share
    close(student.planar_u_hat(u, w) / size, oracle.planar_u_hat(u, w) / size, atol=1e-6)


@after(test_values)
@DTYPES
@pytest.mark.parametrize("size", [1e-15, 1e-6, 1e-3, 1e6, 1e15])
def test_size_of_w(student, draw, size, dtype):
    """is right for a w that is tiny or huge"""
    direction = draw.normal(3)
    w = (size * direction / direction.norm()).to(dtype)
    u = (draw.normal(3) / max(1.0, size)).to(dtype)
    expected = oracle.planar_u_hat(u, w)
    close(student.planar_u_hat(u, w) / expected.norm(), expected / expected.norm(), rtol=1e-4)


@aspect("gradients")
@pytest.mark.parametrize("along", [-4.0, -0.3, 2.0])
@pytest.mark.parametrize("n", [3, 1])
def test_gradients(student, draw, along, n):
    """sends the right gradients to u and w"""
    same_gradients(student.planar_u_hat, oracle.planar_u_hat, *given(draw, n=n, along=along))


@aspect("gradients")
@after(test_values)
@DTYPES
@pytest.mark.parametrize("along", [1e3, -1e3])
def test_large_gradients(student, draw, along, dtype):
    """sends finite and right gradients where w . u is far above or below zero"""
    u, w = given(draw, along=along)
    same_gradients(
        student.planar_u_hat,
        oracle.planar_u_hat,
        u.to(dtype),
        w.to(dtype),
        rtol=1e-3,
        atol=1e-2 if dtype == torch.float32 else 1e-6,
    )


@aspect("edges")
@DTYPES
def test_zero_w(student, draw, dtype):
    """is u itself, with a gradient of one, if w is zero, and sends w a finite gradient"""
    u, w = given(draw)
    once_right(student.planar_u_hat(u, w), oracle.planar_u_hat(u, w))
    for n in (3, 1):
        u, w = draw.normal(n, dtype=dtype), torch.zeros(n, dtype=dtype)
        same(student.planar_u_hat(u, w), u)
        u.requires_grad_()
        w.requires_grad_()
        (student.planar_u_hat(u, w) * torch.arange(1, n + 1)).sum().backward()
        close(u.grad, torch.arange(1, n + 1))
        is_true(w.grad is None or w.grad.isfinite().all(), "the gradient of w is not finite")


@aspect("edges")
@after(test_values)
def test_some_zeros(student, draw):
    """takes a w with zeros in it, and a u of zeros"""
    u, w = given(draw, n=4)
    w[[0, 2]] = 0.0
    close(student.planar_u_hat(u, w), oracle.planar_u_hat(u, w))
    close(student.planar_u_hat(torch.zeros_like(u), w), oracle.planar_u_hat(torch.zeros_like(u), w))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("along", [-5.0, -15.0])
def test_close_to_the_limit(student, draw, along):
    """keeps w . u_hat above -1, by as little as the formula says"""
    u, w = given(draw, along=along)
    close((w @ student.planar_u_hat(u, w) + 1) * 1e6, torch.log1p(torch.exp(w @ u)) * 1e6)


globals().update(usual_checks(oracle.planar_u_hat, lambda draw: given(draw, n=4)))
