"""Hidden checks: zero-centred gradient penalties, R1 and R2.

The discriminator lives in the student's process (so that any way of differentiating twice works);
its twin here has the same weights.
"""

import math

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    once_right,
    parameter_gradients,
)
from autograder.suites.gan.critics import curved_critics, linear_critics
from autograder.suites.gan.remote_networks import read
from autograder.suites.gan.zero_centered_penalty import oracle

ASPECTS = {"values": 0.3, "images": 0.15, "gradients": 0.35, "edges": 0.12, "conventions": 0.08}


def agree(student, theirs, twin, *given):
    """The penalty, which is as the oracle's."""
    value = student.zero_centered_penalty(theirs, *given)
    close(value, oracle.zero_centered_penalty(twin, *given))
    return value


def judged(student, draw):
    """A discriminator, its twin and samples, of an answer that gets their penalty right."""
    theirs, twin = curved_critics(student, draw, 3)
    x = draw.normal(5, 3)
    value = student.zero_centered_penalty(theirs, x, 2.0)
    once_right(value, oracle.zero_centered_penalty(twin, x, 2.0))
    return theirs, twin, x


@pytest.mark.parametrize("norm, gamma", [(0.5, 2.0), (2.0, 1.0), (3.0, 10.0)])
def test_linear(student, draw, norm, gamma):
    """is right for a discriminator of known slope, with its half and its square"""
    w = draw.normal(5)
    theirs, _ = linear_critics(student, norm * w / w.norm())
    close(student.zero_centered_penalty(theirs, draw.normal(7, 5), gamma), gamma / 2 * norm**2)


@pytest.mark.parametrize("n, size", [(8, 3), (1, 4), (6, 1), (1, 1)])
def test_curved(student, draw, n, size):
    """is right for a discriminator whose slope differs from sample to sample, in a batch of one and
    for samples of one feature too
    """
    theirs, twin = curved_critics(student, draw, size)
    agree(student, theirs, twin, 2 * draw.normal(n, size), 0.7)


@aspect("images")
@pytest.mark.parametrize("shape", [(5, 2, 3, 4), (1, 1, 3, 2), (9, 2, 2), (3, 1, 28, 28)])
def test_images(student, draw, shape):
    """sums over all channels and pixels of a sample and averages over samples, whatever their
    shape
    """
    theirs, twin = curved_critics(student, draw, math.prod(shape[1:]))
    has_shape(agree(student, theirs, twin, draw.normal(*shape), 3.0))


@aspect("gradients")
@pytest.mark.parametrize("shape", [(5, 1, 2, 3), (1, 6)])
def test_parameter_gradients(student, draw, shape):
    """sends the right gradients to all parameters of the discriminator"""
    theirs, twin = curved_critics(student, draw, 6)
    x = draw.normal(*shape)
    value = student.zero_centered_penalty(theirs, x, 1.7)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    value.backward()
    oracle.zero_centered_penalty(twin, x, 1.7).backward()
    close(*parameter_gradients(student, theirs, twin))


@aspect("gradients")
def test_flat_gradients(student, draw):
    """sends right and finite gradients to a discriminator that is flat at some samples or at all"""
    x = draw.normal(6, 3)
    x[:3] += 2 - x[:3].amin()
    x[3:] -= 2 + x[3:].amax()  # where the ReLU is flat
    for slope in (1.0, 0.0):
        w = slope * draw.uniform(3, low=0.5, high=1.5)
        theirs, twin = linear_critics(student, w, bend=True)
        value = agree(student, theirs, twin, x, 2.0)
        is_true(value.requires_grad, "no gradient")
        value.backward()
        oracle.zero_centered_penalty(twin, x, 2.0).backward()
        close(*parameter_gradients(student, theirs, twin))


@aspect("gradients")
def test_no_gradient_to_samples(student, draw):
    """sends no gradient to the samples, or to the generator that made them"""
    theirs, twin, _ = judged(student, draw)
    generator = student.new("torch.nn.Linear", 2, 3).double()
    for x in (generator(draw.normal(6, 2)), draw.normal(6, 3).requires_grad_()):
        value = agree(student, theirs, twin, x, 2.0)
        is_true(value.requires_grad, "no gradient")
        value.backward()
        is_true(
            not x.is_leaf or x.grad is None or not x.grad.any(), "a gradient reached the samples"
        )
    for name in ("weight.grad", "bias.grad"):
        gradient = read(student, generator, name)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


@aspect("gradients")
def test_grad_fields(student, draw):
    """leaves the .grad of the discriminator's parameters as it was"""
    theirs, twin, x = judged(student, draw)
    agree(student, theirs, twin, x, 2.0)
    close(*parameter_gradients(student, theirs, twin))
    theirs(x).sum().backward()
    twin(x).sum().backward()
    agree(student, theirs, twin, x, 2.0)
    close(*parameter_gradients(student, theirs, twin))


@aspect("edges")
def test_flat_logits(student, draw):
    """works for a discriminator that returns logits of shape (B,)"""
    judged(student, draw)
    theirs, twin = curved_critics(student, draw, 3, column=False)
    for n in (5, 1):
        agree(student, theirs, twin, draw.normal(n, 3), 2.0)


@aspect("edges")
def test_any_function(student, draw):
    """takes any function for the discriminator, not only a module"""
    judged(student, draw)
    bend = student.new("operator.methodcaller", "logsumexp", 1)
    agree(student, bend, lambda x: x.logsumexp(1), 2 * draw.normal(6, 3), 1.5)


@aspect("edges")
def test_gamma(student, draw):
    """weighs by any gamma: 0, for which it still is a 0-d tensor, whole numbers, and large ones"""
    theirs, twin, x = judged(student, draw)
    for gamma in (0, 0.0, 3, 200.0):
        value = student.zero_centered_penalty(theirs, x, gamma)
        has_dtype(value, torch.float64)
        close(value, oracle.zero_centered_penalty(twin, x, gamma))


@aspect("conventions")
@pytest.mark.parametrize("frozen", [False, True])
def test_discriminator_unchanged(student, draw, frozen):
    """leaves the discriminator in its mode, and its parameters frozen if they were"""
    theirs, twin, x = judged(student, draw)
    for network in (theirs, twin):
        network.train(not frozen).requires_grad_(not frozen)
    agree(student, theirs, twin, x, 2.0)
    is_true(read(student, theirs, "training") is not frozen, "another mode")
    for name in ("weight", "bias"):
        is_true(read(student, theirs[1], f"{name}.requires_grad") is not frozen, f"{name} thawed")


@aspect("conventions")
def test_inputs(student, draw):
    """leaves its arguments as they were"""
    theirs, _, x = judged(student, draw)
    for given in (x, x.clone().requires_grad_()):
        student.zero_centered_penalty(theirs, given, 2.0)
        inputs_unchanged(student)


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    theirs, twin, x = judged(student, draw)
    close(
        student.zero_centered_penalty(theirs, x, 2.0),
        oracle.zero_centered_penalty(twin, x, 2.0),
        rtol=1e-9,
        atol=1e-11,
    )
    has_dtype(student.zero_centered_penalty(theirs.float(), x.float(), 2.0), torch.float32)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    judged(student, draw)
    theirs, twin = linear_critics(student, draw.normal(4))
    follows_device(
        lambda x: student.zero_centered_penalty(theirs.to(x.device), x, 2.0),
        lambda x: oracle.zero_centered_penalty(twin, x, 2.0),
        draw.normal(5, 4),
    )
