"""Hidden checks: dequantisation."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    has_dtype,
    is_true,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.dequantise import oracle

ASPECTS = {"values": 0.45, "images": 0.2, "gradients": 0.15, "edges": 0.1, "conventions": 0.1}


def drawn(draw, *shape):
    return draw.integers(0, 256, *shape), draw.uniform(*shape)


def agree(student, levels, u):
    close(student.dequantise(levels, u), oracle.dequantise(levels, u), rtol=1e-6, atol=1e-6)


def test_values(student, draw):
    """is right for random levels and noise"""
    agree(student, *drawn(draw, 40, 7))


def test_every_level(student, draw):
    """is right for each of the 256 levels, without noise and with the largest noise"""
    levels = torch.arange(256)[None]
    for u in (0.0, 1 - 1e-6):
        agree(student, levels, torch.full((1, 256), u, dtype=torch.float64))


@after(test_values)
def test_level_is_kept(student, draw):
    """keeps the level: it can be read off the result again, whatever the noise"""
    levels, u = drawn(draw, 50, 6)
    u[::2] = 1 - 1e-9
    y = student.dequantise(levels, u)
    is_true(torch.equal((256 * y).floor().long(), levels), "another level")


@aspect("images")
@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (1, 3, 2, 4), (1, 1, 1, 1), (3, 3), (6,), ()])
def test_shapes(student, draw, shape):
    """takes images and tensors of any other shape, each pixel with its own noise"""
    agree(student, *drawn(draw, *shape))


@aspect("images")
@pytest.mark.parametrize(
    "dtype", [torch.uint8, torch.int16, torch.int32, torch.float16, torch.float32, torch.float64]
)
def test_kinds_of_levels(student, draw, dtype):
    """takes levels in any integer or floating type, and returns the dtype of the noise"""
    levels, u = drawn(draw, 4, 1, 8, 8)
    levels[0, 0, 0] = 255
    agree(student, levels.to(dtype), u)
    y = student.dequantise(levels.to(dtype), u.float())
    has_dtype(y, torch.float32)
    close(y, oracle.dequantise(levels, u.float()))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to the noise"""
    for shape in ((3, 1, 4, 5), (1, 1)):
        levels, u = drawn(draw, *shape)
        same_gradients(
            lambda u, levels=levels: student.dequantise(levels, u),
            lambda u, levels=levels: oracle.dequantise(levels, u),
            u,
        )


@aspect("edges")
@after(test_values)
def test_ends(student, draw):
    """covers [0, 1): level 0 without noise is exactly 0, level 255 with much noise nearly 1"""
    levels = torch.tensor([0, 255, 0, 255], dtype=torch.uint8)
    u = torch.tensor([0.0, 0.0, 1 - 1e-9, 1 - 1e-9], dtype=torch.float64)
    close(student.dequantise(levels, u), oracle.dequantise(levels, u), rtol=1e-10, atol=1e-14)


def images(draw):
    """Levels as whole numbers of a floating type, and as int64."""
    levels, u = drawn(draw, 3, 1, 4, 6)
    yield levels.double(), u
    yield levels, u


globals().update(usual_checks(oracle.dequantise, images))
