"""Hidden checks: zero-centred gradient penalties, R1 and R2.

The discriminator lives in the student's process (so that any way of differentiating twice works);
its twin here has the same weights.
"""

import pytest
import torch

from autograder.checks import (
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    weight,
)
from autograder.suites.gan.zero_centered_penalty import oracle


def discriminators(student, draw, n_inputs, *, column=True):
    """A curved discriminator on (B, ...) with n_inputs numbers per sample, in the student's
    process, and its twin here. float64.
    """
    layers = [
        ("Flatten",),
        ("Linear", n_inputs, 6),
        ("Softplus",),
        ("Linear", 6, 1),
        *([] if column else [("Flatten", 0)]),
    ]
    twin = torch.nn.Sequential(
        *[getattr(torch.nn, name)(*sizes) for name, *sizes in layers]
    ).double()
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.copy_(draw.normal(*parameter.shape))
    theirs = student.new(
        "torch.nn.Sequential", *[student.new(f"torch.nn.{name}", *sizes) for name, *sizes in layers]
    ).double()
    theirs.load_state_dict(twin.state_dict())
    return theirs, twin


def linear(student, w):
    """The discriminator w . x + 1 on (B, D) in the student's process."""
    theirs = student.new("torch.nn.Linear", len(w), 1).double()
    theirs.load_state_dict({"weight": w[None], "bias": torch.ones(1, dtype=w.dtype)})
    return theirs


def gradients(student, theirs, twin):
    """The .grad of all parameters, theirs and the twin's; none counts as zero."""
    found, expected = [], []
    for index, layer in enumerate(twin):
        for name, parameter in layer.named_parameters():
            zeros = torch.zeros_like(parameter)
            gradient = student.new("operator.attrgetter", f"{name}.grad")(theirs[index])
            found.append(zeros if gradient is None else gradient)
            expected.append(zeros if parameter.grad is None else parameter.grad)
    return found, expected


@weight(2)
@pytest.mark.parametrize("norm, gamma", [(0.5, 2.0), (2.0, 1.0), (3.0, 10.0)])
def test_linear(student, draw, norm, gamma):
    """is right for a discriminator of known slope, with its half and its square"""
    w = draw.normal(5)
    theirs = linear(student, norm * w / w.norm())
    close(student.zero_centered_penalty(theirs, draw.normal(7, 5), gamma), gamma / 2 * norm**2)


@weight(3)
def test_curved(student, draw):
    """is right for a discriminator whose slope differs from sample to sample"""
    theirs, twin = discriminators(student, draw, 3)
    x = 2 * draw.normal(8, 3)
    close(student.zero_centered_penalty(theirs, x, 0.7), oracle.zero_centered_penalty(twin, x, 0.7))


@weight(5)
def test_images(student, draw):
    """sums over channels and pixels and averages over images"""
    theirs, twin = discriminators(student, draw, 24)
    x = draw.normal(5, 2, 3, 4)
    close(student.zero_centered_penalty(theirs, x, 3.0), oracle.zero_centered_penalty(twin, x, 3.0))


@pytest.mark.parametrize("shape", [(1, 4), (1, 1, 2, 2), (9, 2, 2)])
def test_shapes(student, draw, shape):
    """takes samples of any shape, and a batch of one"""
    theirs, twin = discriminators(student, draw, 4)
    x = draw.normal(*shape)
    value = student.zero_centered_penalty(theirs, x, 1.3)
    has_shape(value)
    close(value, oracle.zero_centered_penalty(twin, x, 1.3))


def test_flat_logits(student, draw):
    """works for a discriminator that returns logits of shape (B,)"""
    theirs, twin = discriminators(student, draw, 3, column=False)
    x = draw.normal(5, 3)
    close(student.zero_centered_penalty(theirs, x, 2.0), oracle.zero_centered_penalty(twin, x, 2.0))


def test_nothing_to_pay(student, draw):
    """is zero for a flat discriminator and for gamma = 0"""
    close(
        student.zero_centered_penalty(
            linear(student, torch.zeros(4, dtype=torch.float64)), draw.normal(5, 4), 10.0
        ),
        0.0,
    )
    close(
        student.zero_centered_penalty(linear(student, draw.normal(4)), draw.normal(5, 4), 0.0), 0.0
    )


@weight(5)
def test_parameter_gradients(student, draw):
    """sends the right gradients to all parameters of the discriminator"""
    theirs, twin = discriminators(student, draw, 6)
    x = draw.normal(5, 1, 2, 3)
    value = student.zero_centered_penalty(theirs, x, 1.7)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    value.backward()
    oracle.zero_centered_penalty(twin, x, 1.7).backward()
    close(*gradients(student, theirs, twin))


@weight(3)
def test_no_gradient_to_samples(student, draw):
    """sends no gradient to the samples, or to the generator that made them"""
    theirs, twin = discriminators(student, draw, 3)
    generator = student.new("torch.nn.Linear", 2, 3).double()
    for x in (generator(draw.normal(6, 2)), draw.normal(6, 3).requires_grad_()):
        value = student.zero_centered_penalty(theirs, x, 2.0)
        close(value, oracle.zero_centered_penalty(twin, x.detach(), 2.0))
        is_true(value.requires_grad, "no gradient")
        value.backward()
        is_true(
            not x.is_leaf or x.grad is None or not x.grad.any(), "a gradient reached the samples"
        )
    for name in ("weight.grad", "bias.grad"):
        gradient = student.new("operator.attrgetter", name)(generator)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


@weight(2)
def test_grad_fields(student, draw):
    """leaves the .grad of the discriminator's parameters as it was"""
    theirs, twin = discriminators(student, draw, 3)
    x = draw.normal(5, 3)
    theirs(x).sum().backward()
    twin(x).sum().backward()
    value = student.zero_centered_penalty(theirs, x, 2.0)
    close(value, oracle.zero_centered_penalty(twin, x, 2.0))
    close(*gradients(student, theirs, twin))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    theirs, twin = discriminators(student, draw, 3)
    x = draw.normal(5, 3)
    value = student.zero_centered_penalty(theirs, x, 2.0)
    inputs_unchanged(student)
    close(value, oracle.zero_centered_penalty(twin, x, 2.0))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    theirs, twin = discriminators(student, draw, 3)
    x = draw.normal(5, 3)
    close(
        student.zero_centered_penalty(theirs, x, 2.0),
        oracle.zero_centered_penalty(twin, x, 2.0),
        rtol=1e-9,
        atol=1e-11,
    )
    has_dtype(student.zero_centered_penalty(theirs.float(), x.float(), 2.0), torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin = linear(student, draw.normal(4)), torch.nn.Linear(4, 1).double()
    twin.load_state_dict(theirs.state_dict())
    follows_device(
        lambda x: student.zero_centered_penalty(theirs.to(x.device), x, 2.0),
        lambda x: oracle.zero_centered_penalty(twin, x, 2.0),
        draw.normal(5, 4),
    )
