"""Hidden checks: the generator of a DCGAN.

The network stays in the student's process, whatever its style. `layers` has each layer with weights
and what reached it; the activations, written as modules or as functions, are what makes the
difference between one layer's output and the next one's input.
"""

import pytest
import torch

from autograder.checks import aspect, has_shape
from autograder.suites.gan.dcgan import (
    IMAGE_SIZES,
    SIZES,
    has_kinds,
    has_stages,
    image_checks,
    image_layer_last,
    laid_out,
    layer_checks,
    layers,
    network_checks,
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


globals().update(image_checks(build, codes, IMAGE_SIZES))


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a projection and convolutions, with batch norm after each of them but the image layer"""
    has_kinds(layers(student, build(student, size=size), codes(draw, 2)), image_layer_last)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each doubles the resolution and halves the channels, from the
    coarse grid down to `width` channels
    """
    width = 3
    network = build(student, size=size, width=width)
    found = laid_out(student, network, codes(draw, 2), image_layer_last)
    shapes = [tuple(reached.shape[1:]) for kind, _, reached in found if kind == "norm"]
    coarse, n_stages = GRIDS[size][0], len(GRIDS[size])
    if shapes and len(shapes[0]) == 1:  # normalised before it is laid out as a grid
        shapes[0] = (shapes[0][0] // coarse**2, coarse, coarse)
    has_stages(
        shapes,
        [(width * 2 ** (n_stages - 1 - n), grid, grid) for n, grid in enumerate(GRIDS[size])],
        f"for {size} pixels and a width of {width}, batch norm finds",
        "no grid",
    )


globals().update(layer_checks(build, codes, IMAGE_SIZES, "projection"))
globals().update(network_checks(build, codes, "codes"))
