"""Hidden checks: the generator of a DCGAN.

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
    alike,
    has_kinds,
    laid_out,
    layers,
    loud,
    network_checks,
    passes_on,
)

ASPECTS = {"structure": 0.4, "images": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}

GRIDS = {28: (7, 14), 64: (4, 8, 16, 32)}
"""The resolutions of the stages."""


def build(student, n_latent=6, width=2, size=28, n_channels=1):
    return student.build_generator(n_latent, width, size, n_channels)


def codes(draw, batch, size=28):
    return draw.normal(batch, 6, dtype=torch.float32)


@aspect("images")
@pytest.mark.parametrize(("size", "n_channels"), [(28, 1), (64, 3), (28, 5), (64, 2)])
def test_shapes(student, draw, size, n_channels):
    """turns codes into images of the size and with the channels that were asked for"""
    for n_latent, width, batch in ((5, 4, 3), (9, 3, 2)):
        z = draw.normal(batch, n_latent, dtype=torch.float32)
        generator = build(student, n_latent, width, size, n_channels).eval()
        has_shape(generator(z), batch, n_channels, size, size)


@aspect("images")
@SIZES
def test_tanh(student, draw, size):
    """applies a tanh to the output of its last layer, and nothing else"""
    generator = loud(build(student, size=size, n_channels=3), draw, 0.5)
    z = codes(draw, 4)
    _, last, reached = layers(student, generator, z)[-1]
    pixels = generator(z)
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


def in_order(kinds):
    """Whether the layers are of the right kinds: a projection, convolutions, batch norms."""
    norms = [kind == "norm" for kind in kinds]
    return (
        norms == [i % 2 == 1 for i in range(len(kinds))]
        and norms[-1:] == [False]
        and ("linear" not in kinds[1:])
    )


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a projection and convolutions, with batch norm after each of them but the image layer"""
    has_kinds(layers(student, build(student, size=size), codes(draw, 2)), in_order)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each doubles the resolution and halves the channels, from the
    coarse grid down to `width` channels
    """
    width = 3
    found = laid_out(student, build(student, size=size, width=width), codes(draw, 2), in_order)
    shapes = [tuple(reached.shape[1:]) for kind, _, reached in found if kind == "norm"]
    coarse, n_stages = GRIDS[size][0], len(GRIDS[size])
    if shapes and len(shapes[0]) == 1:  # normalised before it is laid out as a grid
        shapes[0] = (shapes[0][0] // coarse**2, coarse, coarse)
    if shapes != [
        (width * 2 ** (n_stages - 1 - stage), grid, grid) for stage, grid in enumerate(GRIDS[size])
    ]:
        stages = ", ".join(" x ".join(map(str, shape)) for shape in shapes)
        told = f"for {size} pixels and a width of {width}, batch norm finds {stages or 'no grid'}"
        raise CheckFailed(told, told=told)


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
    generator = loud(build(student, size=size, width=3), draw)
    z = codes(draw, 4)
    found = laid_out(student, generator, z, in_order)
    if not alike(found[0][2], z):
        raise CheckFailed("other codes", told="what the projection gets is not the codes")
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
    generator = build(student, 1, 1, size, 1).eval()
    has_shape(generator(draw.normal(2, 1, dtype=torch.float32)), 2, 1, size, size)
    has_shape(generator(draw.normal(1, 1, dtype=torch.float32)), 1, 1, size, size)


@aspect("conventions")
def test_codes_stay(student, draw):
    """leaves the codes as they were, and takes them in any layout"""
    generator, z = build(student).eval(), codes(draw, 3)
    value = generator(z).detach()
    inputs_unchanged(student)
    close(generator(View(z.t().contiguous(), ("t",))), value)


globals().update(network_checks(build, codes, "codes"))
