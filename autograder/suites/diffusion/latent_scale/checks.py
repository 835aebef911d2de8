"""Hidden checks: the scale of a latent space."""

import pytest
import torch

from autograder.checks import aspect, close, has_shape, is_true, once_right, refuses, usual_checks
from autograder.suites.diffusion.latent_scale import oracle

ASPECTS = {"values": 0.62, "graph": 0.1, "edges": 0.2, "conventions": 0.08}


def channels(draw, *shape):
    """Latents whose channels differ in mean and width."""
    axes = [1] * (len(shape) - 2)
    width = draw.uniform(shape[1], low=0.5, high=4.0).reshape(-1, *axes)
    return width * draw.normal(*shape) + 2 * draw.normal(shape[1]).reshape(-1, *axes) + 1


def agree(student, latents):
    close(student.latent_scale(latents), oracle.latent_scale(latents), 1e-6, 1e-12)


def right_in_general(student, draw):
    latents = channels(draw, 5, 3)
    once_right(student.latent_scale(latents), oracle.latent_scale(latents))


@pytest.mark.parametrize("shape", [(6, 3), (4, 2, 3, 3), (2, 5, 1, 2)], ids=str)
def test_scale(student, draw, shape):
    """is one number, one over the standard deviation of all latents together"""
    latents = channels(draw, *shape)
    has_shape(
        student.latent_scale(latents),
    )
    agree(student, latents)


def test_use(student, draw):
    """gives the latents of the batch standard deviation 1"""
    latents = channels(draw, 5, 2, 3)
    scaled = student.latent_scale(latents) * latents
    close(scaled.std(correction=0), 1.0, 1e-6)


@pytest.mark.parametrize("size", [1e-3, 1e3])
def test_units(student, draw, size):
    """is right for latents of any size, with a mean far from zero"""
    latents = channels(draw, 5, 4)
    agree(student, size * latents)
    agree(student, latents + 100 * size)


@aspect("graph")
def test_constant(student, draw):
    """is a constant, though the latents need gradients"""
    latents = channels(draw, 5, 3).requires_grad_()
    scale = student.latent_scale(latents)
    close(scale, oracle.latent_scale(latents))
    is_true(not (isinstance(scale, torch.Tensor) and scale.requires_grad), "a graph")


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (2,), (1, 1, 1, 2)], ids=str)
def test_few(student, draw, shape):
    """is right for two numbers, with n in the denominator"""
    right_in_general(student, draw)
    agree(student, draw.normal(*shape))


@aspect("edges")
def test_precision(student, draw):
    """keeps its digits where the mean is a million times the spread"""
    right_in_general(student, draw)
    latents = draw.normal(6, 3) + 1e6
    close(student.latent_scale(latents), oracle.latent_scale(latents), 1e-7)


@aspect("edges")
def test_tiny(student, draw):
    """adds nothing to a small spread"""
    right_in_general(student, draw)
    latents = 1e-7 * draw.normal(6, 3)
    close(student.latent_scale(latents), oracle.latent_scale(latents), 1e-6)


@aspect("edges")
@pytest.mark.parametrize("value", [0.0, 0.1, -7.3])
def test_refusal(student, draw, value):
    """refuses latents that are all equal, and a single number, with a ValueError"""
    right_in_general(student, draw)
    for shape in ((5, 3), (1,), (7,)):
        for dtype in (torch.float64, torch.float32):
            refuses(student.latent_scale, torch.full(shape, value, dtype=dtype))


globals().update(usual_checks(oracle.latent_scale, lambda draw: (channels(draw, 5, 3),)))
