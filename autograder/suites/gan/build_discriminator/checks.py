"""Hidden checks: the discriminator of a DCGAN.

The network stays in the student's process, whatever its style. `layers` has each layer with weights
and what reached it; the activations, written as modules or as functions, are what makes the
difference between one layer's output and the next one's input.
"""

from itertools import pairwise

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    same,
    weight,
)
from autograder.suites.gan import shared

SIZES = pytest.mark.parametrize("size", [28, 64])
N_HALVINGS = {28: 2, 64: 4}


def build(student, width=4, size=28, n_channels=1):
    """A discriminator in evaluation mode, so that logits do not depend on each other."""
    return student.build_discriminator(width, size, n_channels).eval()


def images(draw, batch=3, size=28, n_channels=1):
    return draw.uniform(batch, n_channels, size, size, low=-1.0, high=1.0, dtype=torch.float32)


def logits(value, batch):
    has_shape(value, batch)
    return value.detach()


def layers(student, discriminator, x):
    """What the discriminator consists of; at least two hidden layers and the last one."""
    found = shared.layers_of(student, discriminator, x)
    if len(found) < 3:
        raise CheckFailed(f"{len(found)} layers with weights")
    return found


def loud(discriminator, draw, scale=1.0):
    """Fill every float of the discriminator's state with random numbers, so that no layer is as it
    was initialised.
    """
    state = discriminator.state_dict()
    for name, value in state.items():
        if value.dtype == torch.float32:
            noise = draw.normal(*value.shape, dtype=torch.float32)
            state[name] = 0.5 + noise.abs() if name.endswith("running_var") else scale * noise
    discriminator.load_state_dict(state)
    return discriminator


def unordered(tensor):
    """Its values without their places: flattening may come in another order."""
    return tensor.detach().flatten().sort().values


@weight(2)
@pytest.mark.parametrize(("size", "n_channels"), [(28, 1), (64, 3), (28, 11), (64, 1)])
def test_shapes(student, draw, size, n_channels):
    """gives one logit for each image, for one image too, of any size and channels that were asked
    for
    """
    for width, batch in ((4, 3), (6, 2), (5, 1)):
        logits(
            build(student, width, size, n_channels)(images(draw, batch, size, n_channels)), batch
        )


@weight(2)
@SIZES
def test_logits(student, draw, size):
    """ends in the numbers of its last layer: any real number, neither squashed nor pooled"""
    discriminator = loud(build(student, size=size), draw)
    x = images(draw, 16, size)
    value = logits(discriminator(x), 16)
    is_true(value.abs().max() > 2 and len(value.unique()) == 16)
    _, last, reached = layers(student, discriminator, x)[-1]
    close(value, last(reached).detach().flatten(), rtol=1e-3, atol=1e-4)


@weight(4)
@SIZES
def test_batch_norm(student, draw, size):
    """has batch norm after every layer but the first and the last"""
    kinds = [
        kind for kind, _, _ in layers(student, build(student, size=size), images(draw, size=size))
    ]
    # conv, (conv, norm), ..., (conv, norm), last
    is_true(len(kinds) >= 4 and len(kinds) % 2 == 0 and kinds[0] == "conv", str(kinds))
    is_true(
        all((kind == "norm") == (i >= 2 and i % 2 == 0) for i, kind in enumerate(kinds)), str(kinds)
    )


@weight(3)
@SIZES
def test_leaky_relu(student, draw, size):
    """has a leaky ReLU of the slope asked for after each hidden layer, and no pooling or resizing
    anywhere
    """
    discriminator = loud(build(student, size=size), draw)
    x = images(draw, 4, size)
    found = layers(student, discriminator, x)
    close(found[0][2], x)
    for (kind, module, reached), (next_kind, _, arrived) in pairwise(found):
        if next_kind == "norm" and kind != "norm":
            continue
        output = module(reached).detach()
        expected = torch.where(output > 0, output, 0.2 * output)
        close(
            unordered(arrived),
            unordered(expected),
            rtol=1e-3,
            atol=1e-4 * float(output.abs().max()),
        )


@weight(2)
@SIZES
def test_strides(student, draw, size):
    """halves the resolution and doubles the channels with each convolution, from `width` channels
    at half the image's size
    """
    width = 3
    found = layers(student, build(student, width, size), images(draw, size=size))
    stages = [(module, reached) for kind, module, reached in found[:-1] if kind != "norm"]
    is_true(len(stages) >= N_HALVINGS[size], f"{len(stages)} convolutions")
    n_channels, resolution = width, size
    for module, reached in stages:
        shape = module(reached).shape
        same(list(shape[:2]), [3, n_channels])
        halves = (resolution // 2, (resolution + 1) // 2)
        is_true(
            len(shape) == 4 and shape[2] == shape[3] and shape[2] in halves,
            f"{tuple(shape)} from {resolution}",
        )
        n_channels, resolution = 2 * n_channels, shape[2]


def test_no_dense_layers(student, draw):
    """has no fully connected layer before the last"""
    for size in (28, 64):
        found = layers(student, build(student, size=size), images(draw, size=size))
        is_true(all(kind != "linear" for kind, _, _ in found[:-1]))


def test_modes(student, draw):
    """normalises with the batch in training mode and with kept statistics in evaluation mode"""
    x = images(draw, 8)
    discriminator = build(student)
    together = logits(discriminator(x), 8)
    close(logits(discriminator(x[:1]), 1), together[:1], rtol=1e-3, atol=1e-5)
    state = discriminator.state_dict()
    discriminator.train()
    discriminator(x)
    after = discriminator.state_dict()
    moved = [
        not torch.equal(after[name], state[name]) for name in state if name.endswith("running_mean")
    ]
    is_true(moved and all(moved), "statistics that do not follow the batch")
    whole, half = logits(discriminator(x), 8), logits(discriminator(x[:4]), 4)
    is_true(
        not torch.allclose(whole[:4], half, atol=1e-5), "training mode does not depend on the batch"
    )


@weight(2)
def test_gradients(student, draw):
    """lets gradients reach the images and every one of its parameters"""
    for size in (28, 64):
        discriminator = student.build_discriminator(4, size, 2).train()
        x = images(draw, 4, size, 2).requires_grad_()
        value = discriminator(x)
        has_shape(value, 4)
        (value * draw.normal(4, dtype=torch.float32)).sum().backward()
        is_true(x.grad is not None and bool((x.grad.flatten(1).abs().sum(1) > 0).all()))
        grads = student.new(
            "builtins.list",
            student.new(
                "builtins.map",
                student.new("operator.attrgetter", "grad"),
                discriminator.parameters(),
            ),
        )
        is_true(
            grads
            and all(
                isinstance(grad, torch.Tensor) and bool(torch.isfinite(grad).all())
                for grad in grads
            )
        )


@weight(3)
def test_sees_everything(student, draw):
    """looks at every part of the image and at every channel"""
    discriminator = loud(build(student, n_channels=3), draw)
    x = images(draw, 2, 28, 3).requires_grad_()
    value = discriminator(x)
    has_shape(value, 2)
    value.backward(draw.normal(2, dtype=torch.float32))
    blocks = x.grad.abs().reshape(2, 3, 7, 4, 7, 4).sum((3, 5))
    is_true(bool((blocks > 0).all()))


def test_fresh(student, draw):
    """is a new network, with random weights of its own, at each call"""
    one, two = build(student), build(student)
    x = images(draw)
    before = logits(two(x), 3)
    is_true(not torch.allclose(logits(one(x), 3), before, atol=1e-6))
    loud(one, draw)
    close(two(x).detach(), before, rtol=1e-4, atol=1e-6)


def test_inputs(student, draw):
    """leaves the images as they were"""
    discriminator = build(student)
    x = images(draw)
    copy = x.clone()
    value = logits(discriminator(x), 3)
    inputs_unchanged(student)
    close(logits(discriminator(copy), 3), value, rtol=1e-4, atol=1e-6)


def test_moves(student, draw):
    """goes to another device or precision as a whole"""
    for size in (28, 64):
        wide = build(student, size=size).double()
        has_dtype(wide(images(draw, size=size).double()), torch.float64)
        discriminator, x = build(student, size=size), images(draw, size=size)
        here = logits(discriminator(x), 3)
        follows_device(
            lambda x, discriminator=discriminator: discriminator.to(x.device)(x),
            lambda x, here=here: here,
            x,
        )
