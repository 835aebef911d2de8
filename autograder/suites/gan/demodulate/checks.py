"""Hidden checks: weight modulation and demodulation of StyleGAN2."""

import pytest
import torch

from autograder.checks import aspect, close, is_true, once_right, same_gradients, usual_checks
from autograder.suites.gan.demodulate import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, n_out=4, n_in=3, size=(3, 3), B=2):
    """Weights whose kernels differ in size, one of them far larger than the rest, and styles of
    either sign.
    """
    kernels = draw.normal(n_out, n_in, *size) * (0.3 + 2 * draw.uniform(n_out, n_in, 1, 1))
    kernels[-1] *= 20
    return kernels, (0.5 + 2 * draw.uniform(B, n_in)) * draw.normal(B, n_in).sign()


def test_values(student, draw):
    """is right for styles of either sign and weights of all sizes, when there are as many outputs
    and images as inputs too
    """
    for sizes in ({}, {}, {"n_out": 3, "n_in": 3, "B": 3}):
        weight, style = given(draw, **sizes)
        close(student.demodulate(weight, style), oracle.demodulate(weight, style))


def test_unit_style(student, draw):
    """gives every output channel by itself weights whose squares sum to 1, when all styles are 1"""
    weight, style = given(draw)
    close(
        student.demodulate(weight, torch.ones_like(style)),
        oracle.demodulate(weight, torch.ones_like(style)),
    )


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (3, 1), (2, 4)])
def test_kernel_sizes(student, draw, size):
    """does for kernels of other sizes what it does for those of 3x3, square or not"""
    weight, style = given(draw)
    once_right(student.demodulate(weight, style), oracle.demodulate(weight, style))
    weight, style = given(draw, size=size)
    close(student.demodulate(weight, style), oracle.demodulate(weight, style))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to weights and styles, through the divisor as well"""
    same_gradients(student.demodulate, oracle.demodulate, *given(draw))


@aspect("gradients")
def test_zero(student, draw):
    """gives zeros for a style or a kernel of zeros, with finite gradients"""
    weight, style = given(draw)
    once_right(student.demodulate(weight, style), oracle.demodulate(weight, style))
    weight[2], style[1] = 0.0, 0.0
    close(student.demodulate(weight, style), oracle.demodulate(weight, style))
    leaves = weight.clone().requires_grad_(), style.clone().requires_grad_()
    student.demodulate(*leaves).sum().backward()
    for leaf in leaves:
        is_true(leaf.grad is not None and torch.isfinite(leaf.grad).all())


@aspect("edges")
def test_single(student, draw):
    """takes one input channel, one output channel, a batch of one image, and all of these"""
    weight, style = given(draw)
    once_right(student.demodulate(weight, style), oracle.demodulate(weight, style))
    one = {"n_in": 1, "n_out": 1, "B": 1}
    for sizes in (*({name: 1} for name in one), one, {**one, "size": (1, 1)}):
        weight, style = given(draw, **sizes)
        close(student.demodulate(weight, style), oracle.demodulate(weight, style))


@aspect("edges")
def test_eps(student, draw):
    """adds the eps that is asked for to the sum of squares as it stands, inside the root"""
    weight, style = given(draw)
    once_right(student.demodulate(weight, style), oracle.demodulate(weight, style))
    close(student.demodulate(weight, style, 3.0), oracle.demodulate(weight, style, 3.0))
    close(student.demodulate(weight, style, eps=0.5), oracle.demodulate(weight, style, 0.5))


@aspect("edges")
def test_tiny(student, draw):
    """is right for weights so small that the default of eps counts"""
    weight, style = given(draw)
    once_right(student.demodulate(weight, style), oracle.demodulate(weight, style))
    close(student.demodulate(1e-5 * weight, style), oracle.demodulate(1e-5 * weight, style))


globals().update(usual_checks(oracle.demodulate, given))
