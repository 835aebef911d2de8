"""Hidden checks: weight modulation and demodulation of StyleGAN2."""

import pytest
import torch
import torch.nn.functional as F

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.demodulate import oracle


def given(draw, n_out=4, n_in=3, size=(3, 3), B=2):
    """Weights whose kernels differ in size, styles of either sign."""
    kernels = draw.normal(n_out, n_in, *size) * (0.2 + 2 * draw.uniform(n_out, n_in, 1, 1))
    return kernels, 2 * draw.normal(B, n_in)


@weight(3)
def test_values(student, draw):
    """is right for styles of either sign and weights of all sizes"""
    weights, style = given(draw)
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))


@weight(2)
def test_square(student, draw):
    """applies the style to the input channels, when there are as many outputs and images as
    inputs
    """
    weights, style = given(draw, n_out=3, n_in=3, B=3)
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))


@weight(2)
def test_purpose(student, draw):
    """gives outputs of variance 1 when the inputs are uncorrelated with variance 1, in every image
    and channel
    """
    weights, style = given(draw, n_out=3, n_in=5, B=2)
    noise = draw.normal(1, 5, 128, 128)
    for kernels in student.demodulate(weights, style):
        variance = F.conv2d(noise, kernels).var((0, 2, 3))
        is_true(((variance - 1).abs() < 0.2).all())


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (3, 1)])
def test_kernel_sizes(student, draw, size):
    """works for kernels of any size"""
    weights, style = given(draw, size=size)
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))


def test_each_image(student, draw):
    """gives every image the weights of its own style"""
    weights, style = given(draw, B=4)
    close(student.demodulate(weights, style[2:3]), oracle.demodulate(weights, style)[2:3])
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))


def test_each_output(student, draw):
    """normalises every output channel by itself"""
    weights, style = given(draw)
    weights = (
        weights * torch.tensor([0.1, 1.0, 10.0, 100.0], dtype=torch.float64)[:, None, None, None]
    )
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))


def test_single(student, draw):
    """works with one input channel, one output channel, one image"""
    for sizes in ({"n_in": 1}, {"n_out": 1}, {"B": 1}):
        weights, style = given(draw, **sizes)
        close(student.demodulate(weights, style), oracle.demodulate(weights, style))


def test_eps(student, draw):
    """adds eps to the sum of squares, before the root is taken"""
    weights, style = given(draw)
    close(student.demodulate(weights, style, 3.0), oracle.demodulate(weights, style, 3.0))
    close(student.demodulate(weights, style, eps=0.5), oracle.demodulate(weights, style, 0.5))


def test_tiny(student, draw):
    """is right for weights so small that the default of eps counts"""
    weights, style = given(draw)
    close(student.demodulate(1e-5 * weights, style), oracle.demodulate(1e-5 * weights, style))


def test_zero(student, draw):
    """gives zeros for a style of zeros, with finite gradients"""
    weights, style = given(draw)
    style[1] = 0.0
    close(student.demodulate(weights, style), oracle.demodulate(weights, style))
    leaf = style.clone().requires_grad_()
    student.demodulate(weights, leaf).sum().backward()
    is_true(leaf.grad is not None and torch.isfinite(leaf.grad).all())


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to weights and styles, through the divisor as well"""
    same_gradients(student.demodulate, oracle.demodulate, *given(draw))


globals().update(usual_checks(oracle.demodulate, given, rtol=1e-8, atol=1e-10))
