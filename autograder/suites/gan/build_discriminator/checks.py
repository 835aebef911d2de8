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
    View,
    aspect,
    close,
    has_shape,
    inputs_unchanged,
    is_true,
)
from autograder.suites.gan.dcgan import (
    SIZES,
    has_kinds,
    has_stages,
    laid_out,
    layers,
    loud,
    network_checks,
    passes_on,
)

ASPECTS = {"structure": 0.4, "images": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}

GRIDS = {28: (14, 7), 64: (32, 16, 8, 4)}
"""The resolutions of the stages."""


def build(student, width=2, size=28, n_channels=1):
    return student.build_discriminator(width, size, n_channels)


def images(draw, batch, size=28, n_channels=1):
    return draw.uniform(batch, n_channels, size, size, low=-1.0, high=1.0, dtype=torch.float32)


def leaky(values):
    return torch.where(values > 0, values, 0.2 * values)


def in_order(kinds):
    """Whether the layers are of the right kinds: a convolution, convolutions with batch norm, and
    one layer that gives the logit.
    """
    hidden = kinds[:-1]
    return hidden == ["conv", *["conv", "norm"] * (len(hidden) // 2)] and kinds[-1] != "norm"


@aspect("images")
@pytest.mark.parametrize(("size", "n_channels"), [(28, 1), (64, 3), (28, 11), (64, 1)])
def test_shapes(student, draw, size, n_channels):
    """gives one logit for each image, of any size and channels that were asked for"""
    for width, batch in ((4, 3), (3, 2)):
        discriminator = build(student, width, size, n_channels).eval()
        has_shape(discriminator(images(draw, batch, size, n_channels)), batch)


@aspect("images")
@SIZES
def test_sees_everything(student, draw, size):
    """looks at every pixel of the image and at every channel"""
    discriminator = loud(build(student, size=size, n_channels=3), draw, 0.2).eval()
    x = images(draw, 4, size, 3).requires_grad_()
    value = discriminator(x)
    has_shape(value, 4)
    value.sum().backward()
    is_true(x.grad is not None and bool((x.grad != 0).any(dim=0).all()))


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a row of convolutions, with batch norm after each but the first, and a last layer without
    it
    """
    has_kinds(layers(student, build(student, size=size), images(draw, 2, size)), in_order)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each halves the resolution and doubles the channels, from
    `width` channels at half the image's size
    """
    width = 3
    found = laid_out(student, build(student, width, size), images(draw, 2, size), in_order)
    shapes = [
        tuple(module(reached).shape[1:]) for kind, module, reached in found[:-1] if kind == "conv"
    ]
    has_stages(
        shapes,
        [(width * 2**stage, grid, grid) for stage, grid in enumerate(GRIDS[size])],
        f"for {size} pixels and a width of {width}, its convolutions give",
    )


@aspect("structure")
@SIZES
def test_leaky_relu(student, draw, size):
    """has a leaky ReLU of the slope asked for after each hidden layer, and nothing else between its
    layers: no pooling, no resizing
    """
    discriminator = loud(build(student, size=size), draw)
    x = images(draw, 4, size)
    found = laid_out(student, discriminator, x, in_order)
    if not passes_on(x, found[0][2], lambda values: values):
        raise CheckFailed("other images", told="what the first layer gets is not the images")
    for (_, module, reached), (next_kind, _, arrived) in pairwise(found):
        output = module(reached).detach()
        if next_kind == "norm":
            if not passes_on(output, arrived, lambda values: values):
                raise CheckFailed(
                    "between layer and norm",
                    told="something lies between a convolution and its batch norm",
                )
        elif arrived.numel() > 2 * output.numel() or not passes_on(output, arrived, leaky):
            raise CheckFailed(
                "no leaky ReLU", told="what follows a hidden layer is not just that leaky ReLU"
            )


@aspect("structure")
@SIZES
def test_logits(student, draw, size):
    """ends in the numbers of its last layer: any real number, neither squashed nor pooled"""
    discriminator, x = build(student, size=size), images(draw, 8, size)
    for _ in range(6):  # until a logit is negative, which an activation would show
        _, last, reached = layers(student, loud(discriminator, draw), x)[-1]
        value = discriminator(x)
        has_shape(value, 8)
        is_true(len(value.unique()) == 8)
        close(value, last(reached).detach().flatten(), rtol=1e-3, atol=1e-4)
        if value.min() < -1:
            break


@aspect("edges")
@SIZES
def test_smallest(student, draw, size):
    """gives a single image one logit, also with a width of one"""
    discriminator = build(student, 1, size, 1).eval()
    x = images(draw, 2, size)
    value = discriminator(x)
    has_shape(value, 2)
    close(discriminator(x[:1]), value[:1], rtol=1e-3, atol=1e-5)


@aspect("conventions")
def test_images_stay(student, draw):
    """leaves the images as they were, and takes them in any layout"""
    discriminator, x = build(student).eval(), images(draw, 3)
    value = discriminator(x).detach()
    inputs_unchanged(student)
    view = View(x.transpose(0, 3).contiguous(), ("transpose", 0, 3))
    close(discriminator(view), value, rtol=1e-3, atol=1e-5)


globals().update(network_checks(build, images, "images"))
