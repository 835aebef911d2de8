"""Hidden checks: adaptive instance normalisation."""

import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.gan.adain import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, B=3, C=4, H=5, W=7):
    """Maps whose means and spreads differ from image to image and from channel to channel, some
    with one pixel far off; scales of either sign.
    """
    x = draw.normal(B, C, H, W) * (1 + 3 * draw.uniform(B, C, 1, 1)) + 2 * draw.normal(B, C, 1, 1)
    x[:, 0, 0, 0] += 40
    return x, 2 * draw.normal(B, C), draw.normal(B, C)


def test_values(student, draw):
    """is right for maps, scales and biases that differ in every image and channel"""
    for sizes in ({}, {}, {"B": 4, "H": 4, "W": 4}):
        x, scale, bias = given(draw, **sizes)
        close(student.adain(x, scale, bias), oracle.adain(x, scale, bias), atol=1e-4)


def test_normalised(student, draw):
    """gives every map of every image mean 0 and variance 1 over its own pixels, small maps too,
    when the scale is 1 and the bias 0
    """
    for H, W in ((5, 7), (2, 2), (1, 3)):
        x, scale, _ = given(draw, H=H, W=W)
        plain = 10 * x, torch.ones_like(scale), torch.zeros_like(scale)
        close(student.adain(*plain), oracle.adain(*plain))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the maps, through their statistics as well, and to scale and
    bias
    """
    same_gradients(student.adain, oracle.adain, *given(draw), atol=2e-5)  # of some in the tens


@aspect("gradients")
def test_constant(student, draw):
    """turns a constant map into its bias, with the right, finite gradients"""
    x, scale, bias = given(draw)
    once_right(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    x[:, 1] = 0.0
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    same_gradients(student.adain, oracle.adain, x, scale, bias, atol=1e-2)


@aspect("edges")
def test_alone(student, draw):
    """takes a batch of one image, and maps of one channel"""
    x, scale, bias = given(draw)
    expected = oracle.adain(x, scale, bias)
    once_right(student.adain(x, scale, bias), expected)
    close(student.adain(x[2:], scale[2:], bias[2:]), expected[2:], atol=1e-4)
    for images in (slice(None), slice(1)):
        one = tuple(tensor[images, 1:2] for tensor in (x, scale, bias))
        close(student.adain(*one), expected[images, 1:2], atol=1e-4)


@aspect("edges")
def test_eps(student, draw):
    """adds the eps that is asked for to the variance, before the root is taken"""
    x, scale, bias = given(draw)
    once_right(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    close(student.adain(x, scale, bias, 0.7), oracle.adain(x, scale, bias, 0.7))
    close(student.adain(x, scale, bias, eps=0.05), oracle.adain(x, scale, bias, 0.05))


@aspect("edges")
def test_faint(student, draw):
    """is right for maps with hardly any contrast, where the default of eps counts"""
    x, scale, bias = given(draw)
    once_right(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    x = 1e-3 * (x - x.mean((2, 3), keepdim=True))
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


globals().update(usual_checks(oracle.adain, given))
