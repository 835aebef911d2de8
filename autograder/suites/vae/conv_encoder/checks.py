"""Hidden checks: a convolutional encoder.

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
    has_kinds,
    has_stages,
    laid_out,
    layers,
    loud,
    network_checks,
    passes_on,
)
from autograder.suites.vae.convolutions import (
    IMAGE_SIZES,
    SIZES,
    STAGES,
    has_kernels_of_three,
    stages,
)

ASPECTS = {"structure": 0.4, "images": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}


def build(student, n_outputs=5, width=2, size=32, n_channels=1):
    return student.conv_encoder(n_outputs, width, size, n_channels)


def images(draw, batch, size=32, n_channels=1):
    return draw.uniform(batch, n_channels, size, size, low=-1.0, high=1.0, dtype=torch.float32)


def in_order(kinds):
    """Whether the layers are of the right kinds: convolutions with batch norm, and one layer that
    gives the outputs.
    """
    hidden = kinds[:-1]
    return hidden == ["conv", "norm"] * (len(hidden) // 2) and kinds[-1] != "norm"


@aspect("images")
@pytest.mark.parametrize(("size", "n_channels"), [(32, 3), (64, 3), (32, 1), (64, 2)])
def test_shapes(student, draw, size, n_channels):
    """gives the numbers that were asked for, for images of each size and any number of channels"""
    for n_outputs, width, batch in ((6, 4, 3), (9, 3, 2)):
        encoder = build(student, n_outputs, width, size, n_channels).eval()
        has_shape(encoder(images(draw, batch, size, n_channels)), batch, n_outputs)


@aspect("images")
@SIZES
def test_sees_everything(student, draw, size):
    """looks at every pixel of the image and at every channel"""
    encoder = loud(build(student, width=8, size=size, n_channels=3), draw, 0.2).eval()
    x = images(draw, 8, size, 3).requires_grad_()
    value = encoder(x)
    has_shape(value, 8, 5)
    value.sum().backward()
    is_true(x.grad is not None and bool((x.grad != 0).any(dim=0).all()))


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a row of convolutions, with batch norm after each of them, and one linear layer"""
    has_kinds(layers(student, build(student, size=size), images(draw, 2, size)), in_order)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each convolution halves the resolution and doubles the channels,
    from `width` channels at half the image's size
    """
    width = 3
    found = laid_out(student, build(student, 5, width, size), images(draw, 2, size), in_order)
    has_stages(
        [tuple(module(reached).shape[1:]) for _, module, reached in found[:-1:2]],
        stages(width, size),
        STAGES,
    )


@aspect("structure")
@SIZES
def test_kernels(student, draw, size):
    """has kernels of 3 x 3 in all convolutions"""
    has_kernels_of_three(student, build(student, size=size), images(draw, 2, size))


@aspect("structure")
@SIZES
def test_relu(student, draw, size):
    """has a ReLU after each batch norm, and nothing else between its layers: no pooling, no
    resizing
    """
    encoder = loud(build(student, size=size), draw)
    x = images(draw, 2, size)
    found = laid_out(student, encoder, x, in_order)
    if not passes_on(x, found[0][2], lambda values: values):
        raise CheckFailed("other images", told="what the first layer gets is not the images")
    for (kind, module, reached), (_, _, arrived) in pairwise(found):
        output = module(reached).detach()
        if kind == "conv" and not passes_on(output, arrived, lambda values: values):
            raise CheckFailed(
                "between layer and norm",
                told="something lies between a convolution and its batch norm",
            )
        if kind == "norm" and (
            arrived.numel() > 2 * output.numel() or not passes_on(output, arrived, torch.relu)
        ):
            raise CheckFailed("no ReLU", told="what follows a batch norm is not just a ReLU")


@aspect("structure")
@SIZES
def test_outputs(student, draw, size):
    """ends in the numbers of its last layer: any real number, without an activation"""
    encoder, x = loud(build(student, 40, size=size), draw), images(draw, 4, size)
    _, last, reached = layers(student, encoder, x)[-1]
    value = encoder(x)
    has_shape(value, 4, 40)
    close(value, last(reached).detach().flatten(1), rtol=1e-3, atol=1e-4)


@aspect("edges")
@SIZES
def test_smallest(student, draw, size):
    """encodes a single image, also to one number and with a width of one"""
    encoder = build(student, 1, 1, size, 1).eval()
    x = images(draw, 2, size)
    value = encoder(x)
    has_shape(value, 2, 1)
    close(encoder(x[:1]), value[:1], rtol=1e-3, atol=1e-5)


@aspect("conventions")
def test_images_stay(student, draw):
    """leaves the images as they were, and takes them in any layout"""
    encoder, x = build(student).eval(), images(draw, 3)
    value = encoder(x).detach()
    inputs_unchanged(student)
    view = View(x.transpose(0, 3).contiguous(), ("transpose", 0, 3))
    close(encoder(view), value, rtol=1e-3, atol=1e-5)


globals().update(network_checks(build, images, "images", sizes=IMAGE_SIZES))
