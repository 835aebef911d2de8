"""Hidden checks: adaptive instance normalisation."""

import torch
import torch.nn.functional as F

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.adain import oracle


def given(draw, B=3, C=4, H=5, W=7):
    """Maps whose means and spreads differ from image to image and from channel to channel; scales
    of either sign.
    """
    x = draw.normal(B, C, H, W) * (0.3 + 3 * draw.uniform(B, C, 1, 1)) + 2 * draw.normal(B, C, 1, 1)
    return x, 2 * draw.normal(B, C), draw.normal(B, C)


@weight(3)
def test_values(student, draw):
    """is right for maps, scales and biases that differ in every image and channel"""
    x, scale, bias = given(draw)
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


@weight(2)
def test_plain(student, draw):
    """is plain instance normalisation when every scale is 1 and every bias 0"""
    x, scale, _ = given(draw)
    close(student.adain(x, torch.ones_like(scale), torch.zeros_like(scale)), F.instance_norm(x))


def test_affine(student, draw):
    """is instance normalisation with a learned scale and bias when all images share theirs"""
    x, scale, bias = given(draw)
    shared = scale[:1].expand_as(scale), bias[:1].expand_as(bias)
    close(student.adain(x, *shared), F.instance_norm(x, weight=scale[0], bias=bias[0]))


@weight(2)
def test_few_pixels(student, draw):
    """divides by the number of pixels in the variance, on small maps too"""
    x, scale, bias = given(draw, H=2, W=2)
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    x, scale, bias = given(draw, H=1, W=3)
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


@weight(2)
def test_alone(student, draw):
    """normalises every image by itself, and every channel"""
    x, scale, bias = given(draw, B=4)
    close(student.adain(x[2:3], scale[2:3], bias[2:3]), oracle.adain(x, scale, bias)[2:3])
    close(
        student.adain(x[:, 1:2], scale[:, 1:2], bias[:, 1:2]), oracle.adain(x, scale, bias)[:, 1:2]
    )
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


def test_square(student, draw):
    """keeps images and channels apart when there are as many of both"""
    x, scale, bias = given(draw, B=4, C=4, H=4, W=4)
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


def test_statistics(student, draw):
    """moves statistics: with the style's mean and spread, the result has them"""
    x, style = given(draw)[0], given(draw)[0]
    mean, spread = style.mean((2, 3)), style.std((2, 3), correction=0)
    value = student.adain(x, spread, mean)
    close(value.mean((2, 3)), mean)
    close(value.std((2, 3), correction=0), spread, rtol=1e-3)


def test_eps(student, draw):
    """adds eps to the variance, before the root is taken"""
    x, scale, bias = given(draw)
    close(student.adain(x, scale, bias, 0.7), oracle.adain(x, scale, bias, 0.7))
    close(student.adain(x, scale, bias, eps=0.05), oracle.adain(x, scale, bias, 0.05))


def test_faint(student, draw):
    """is right for maps with hardly any contrast, where the default of eps counts"""
    x, scale, bias = given(draw)
    x = 2e-3 * (x - x.mean((2, 3), keepdim=True))
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))


@weight(3)
def test_constant(student, draw):
    """turns a constant map into its bias, with finite gradients"""
    x, scale, bias = given(draw)
    x[:, 1] = 0.0
    close(student.adain(x, scale, bias), oracle.adain(x, scale, bias))
    leaf = x.clone().requires_grad_()
    student.adain(leaf, scale, bias).pow(2).sum().backward()
    is_true(leaf.grad is not None and torch.isfinite(leaf.grad).all())


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the maps, through their statistics as well, and to scale and
    bias
    """
    same_gradients(student.adain, oracle.adain, *given(draw))


globals().update(usual_checks(oracle.adain, given, rtol=1e-8, atol=1e-10))
