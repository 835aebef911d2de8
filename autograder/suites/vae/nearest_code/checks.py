"""Hidden checks: the nearest code."""

import pytest
import torch

from autograder.checks import (
    aspect,
    has_dtype,
    has_shape,
    once_right,
    same,
    usual_checks,
)
from autograder.suites.vae.nearest_code import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


def agrees(student, z, codebook):
    """Compares the indices with the oracle's."""
    same(student.nearest_code(z, codebook), oracle.nearest_code(z, codebook))


def test_values(student, draw):
    """finds the code that is nearest as Euclid measures, in few dimensions and in many"""
    agrees(student, 2 * draw.normal(60, 3), draw.normal(17, 3) * (0.3 + 2 * draw.uniform(17, 1)))
    agrees(student, draw.normal(80, 16), draw.normal(30, 16))


def test_long_codes(student, draw):
    """is not drawn to codes that are merely long or short"""
    codebook = draw.normal(12, 4)
    z = codebook[draw.permutation(12)] + 0.01 * draw.normal(12, 4)
    agrees(student, z, torch.cat([0.05 * codebook, codebook, 20 * codebook]))


@aspect("edges")
@pytest.mark.parametrize("B, K, D", [(3, 300, 5), (9, 1, 3), (1, 7, 3), (8, 5, 1), (4, 4, 4)])
def test_sizes(student, draw, B, K, D):
    """works for any sizes: many codes, one code, a batch of one, codes of one number"""
    agrees(student, draw.normal(B, D), draw.normal(K, D))


@aspect("edges")
def test_far(student, draw):
    """finds the nearest code of a z that is far from all codes"""
    agrees(student, 1e4 * draw.normal(40, 3), draw.normal(9, 3))


@aspect("edges")
def test_close_calls(student, draw):
    """finds the nearer of two codes that are nearly equally near"""
    agrees(student, *_close_calls(draw, 1e-4))


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of z, and returns one int64 index for each z"""
    agrees(student, *_close_calls(draw, 1e-10))
    z, codebook = draw.normal(7, 3), draw.normal(4, 3)
    for dtype in (torch.float32, torch.float64):
        value = student.nearest_code(z.to(dtype), codebook.to(dtype))
        has_shape(value, 7)
        has_dtype(value, torch.int64)


@aspect("conventions", spoils=True)
def test_training(student, draw):
    """works in training, where the codes and the codebook need gradients"""
    z, codebook = draw.normal(20, 3), draw.normal(9, 3)
    expected = oracle.nearest_code(z, codebook)
    once_right(student.nearest_code(z, codebook), expected)
    same(student.nearest_code(z.requires_grad_(), codebook.requires_grad_()), expected)


def _close_calls(draw, distance):
    """Each z lies halfway between two neighbouring codes but for `distance`, on either side."""
    codebook = 2.0 * torch.arange(20).unsqueeze(1) + 0.3 * draw.normal(20, 3)
    middle, step = (codebook[1:] + codebook[:-1]) / 2, codebook[1:] - codebook[:-1]
    return middle + distance * step * draw.normal(19).sign().unsqueeze(1), codebook


globals().update(
    usual_checks(
        oracle.nearest_code,
        lambda draw: (draw.normal(7, 3), draw.normal(4, 3)),
        without=("dtype", "history"),
    )
)
