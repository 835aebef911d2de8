"""Hidden checks: a convolutional decoder.

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
    alike,
    has_kinds,
    laid_out,
    layers,
    loud,
    network_checks,
    passes_on,
)
from autograder.suites.vae.convolutions import (
    COARSE,
    IMAGE_SIZES,
    SIZES,
    has_kernels_of_three,
    has_stages,
    stages,
)

ASPECTS = {"structure": 0.4, "images": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}


def build(student, n_latent=6, width=2, size=32, n_channels=1):
    return student.conv_decoder(n_latent, width, size, n_channels)


def codes(draw, batch, size=32):
    return draw.normal(batch, 6, dtype=torch.float32)


def in_order(kinds):
    """Whether the layers are of the right kinds: a projection, convolutions, batch norms."""
    norms = [kind == "norm" for kind in kinds]
    return (
        norms == [i % 2 == 1 for i in range(len(kinds))]
        and norms[-1:] == [False]
        and ("linear" not in kinds[1:])
    )


@aspect("images")
@pytest.mark.parametrize(("size", "n_channels"), [(32, 3), (64, 3), (32, 1), (64, 2)])
def test_shapes(student, draw, size, n_channels):
    """turns codes into images of exactly the size and with the channels that were asked for"""
    for n_latent, width, batch in ((5, 4, 3), (9, 3, 2)):
        z = draw.normal(batch, n_latent, dtype=torch.float32)
        decoder = build(student, n_latent, width, size, n_channels).eval()
        has_shape(decoder(z), batch, n_channels, size, size)


@aspect("images")
@SIZES
def test_tanh(student, draw, size):
    """applies a tanh to the output of its last layer, and nothing else"""
    decoder = loud(build(student, size=size, n_channels=3), draw, 0.5)
    z = codes(draw, 4)
    _, last, reached = layers(student, decoder, z)[-1]
    pixels = decoder(z)
    has_shape(pixels, 4, 3, size, size)
    # in whatever order: a resizing or reshaping after the layer may come in another one
    is_true(alike(pixels, last(reached).detach().tanh()))


@aspect("images")
@SIZES
def test_detail(student, draw, size):
    """gives neighbouring pixels values of their own: no blocks"""
    # loud and wide: else the ReLU of one right network in hundreds leaves whole areas at zero
    found = layers(student, loud(build(student, size=size, width=16), draw), codes(draw, 4))
    output = found[-1][1](found[-1][2]).detach()
    is_true(output.ndim == 4)
    for axis in (2, 3):
        is_true((output.diff(dim=axis) != 0).float().mean() > 0.9)


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a linear layer and convolutions, with batch norm after each of them but the last"""
    has_kinds(layers(student, build(student, size=size), codes(draw, 2)), in_order)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each doubles the resolution and halves the channels, from the
    coarsest grid down to `width` channels
    """
    width = 3
    found = laid_out(student, build(student, size=size, width=width), codes(draw, 2), in_order)
    shapes = [tuple(reached.shape[1:]) for kind, _, reached in found if kind == "norm"]
    if shapes and len(shapes[0]) == 1:  # normalised before it is laid out as a grid
        shapes[0] = (shapes[0][0] // COARSE**2, COARSE, COARSE)
    has_stages(shapes, stages(width, size)[::-1])


@aspect("structure")
@SIZES
def test_kernels(student, draw, size):
    """has kernels of 3 x 3 in all convolutions"""
    has_kernels_of_three(student, build(student, size=size), codes(draw, 2))


@aspect("structure")
def test_image_layer(student, draw):
    """makes the image from `width` channels by a convolution, with a channel of its own for each
    colour
    """
    found = layers(student, build(student, n_channels=3, width=7), codes(draw, 2))
    kind, last, reached = found[-1]
    is_true(kind == "conv" and reached.shape[1] == 7)
    is_true(last(reached).shape[1] % 3 == 0)  # 3, or 12 where its channels are shuffled into pixels


@aspect("structure")
@SIZES
def test_relu(student, draw, size):
    """has a ReLU after each batch norm, and nothing else but resizing between its layers"""
    decoder = loud(build(student, size=size, width=3), draw)
    z = codes(draw, 4)
    found = laid_out(student, decoder, z, in_order)
    if not alike(found[0][2], z):
        raise CheckFailed("other codes", told="what the linear layer gets is not the codes")
    for (kind, module, reached), (_, _, arrived) in pairwise(found):
        output = module(reached).detach()
        if kind == "norm" and not passes_on(output, arrived, torch.relu):
            raise CheckFailed("no ReLU", told="what follows a batch norm is not just a ReLU")
        if kind != "norm" and not passes_on(output, arrived, lambda values: values):
            raise CheckFailed(
                "between layer and norm", told="something lies between a layer and the next one"
            )


@aspect("edges")
@SIZES
def test_smallest(student, draw, size):
    """makes an image from a single code, also from one number and with a width of one"""
    decoder = build(student, 1, 1, size, 1).eval()
    has_shape(decoder(draw.normal(2, 1, dtype=torch.float32)), 2, 1, size, size)
    has_shape(decoder(draw.normal(1, 1, dtype=torch.float32)), 1, 1, size, size)


@aspect("conventions")
def test_codes_stay(student, draw):
    """leaves the codes as they were, and takes them in any layout"""
    decoder, z = build(student).eval(), codes(draw, 3)
    value = decoder(z).detach()
    inputs_unchanged(student)
    close(decoder(View(z.t().contiguous(), ("t",))), value)


globals().update(network_checks(build, codes, "codes", sizes=IMAGE_SIZES))
