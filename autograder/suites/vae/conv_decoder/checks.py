"""Hidden checks: a convolutional decoder.

The network stays in the student's process, whatever its style. `layers` has each layer with weights
and what reached it; the activations, written as modules or as functions, are what makes the
difference between one layer's output and the next one's input.
"""

import pytest
import torch

from autograder.checks import aspect, has_shape
from autograder.suites.gan.dcgan import (
    has_kinds,
    has_stages,
    image_checks,
    image_layer_last,
    laid_out,
    layer_checks,
    layers,
    network_checks,
)
from autograder.suites.vae.convolutions import (
    COARSE,
    IMAGE_SIZES,
    SIZES,
    STAGES,
    has_kernels_of_three,
    stages,
)

ASPECTS = {"structure": 0.4, "images": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}


def build(student, n_latent=6, width=2, size=32, n_channels=1):
    return student.conv_decoder(n_latent, width, size, n_channels)


def codes(draw, batch, size=32):
    return draw.normal(batch, 6, dtype=torch.float32)


@aspect("images")
@pytest.mark.parametrize(("size", "n_channels"), [(32, 3), (64, 3), (32, 1), (64, 2)])
def test_shapes(student, draw, size, n_channels):
    """turns codes into images of exactly the size and with the channels that were asked for"""
    for n_latent, width, batch in ((5, 4, 3), (9, 3, 2)):
        z = draw.normal(batch, n_latent, dtype=torch.float32)
        decoder = build(student, n_latent, width, size, n_channels).eval()
        has_shape(decoder(z), batch, n_channels, size, size)


globals().update(image_checks(build, codes, IMAGE_SIZES))


@aspect("structure")
@SIZES
def test_layers(student, draw, size):
    """is a linear layer and convolutions, with batch norm after each of them but the last"""
    has_kinds(layers(student, build(student, size=size), codes(draw, 2)), image_layer_last)


@aspect("structure")
@SIZES
def test_stages(student, draw, size):
    """has the stages of the table: each doubles the resolution and halves the channels, from the
    coarsest grid down to `width` channels
    """
    width = 3
    network = build(student, size=size, width=width)
    found = laid_out(student, network, codes(draw, 2), image_layer_last)
    shapes = [tuple(reached.shape[1:]) for kind, _, reached in found if kind == "norm"]
    if shapes and len(shapes[0]) == 1:  # normalised before it is laid out as a grid
        shapes[0] = (shapes[0][0] // COARSE**2, COARSE, COARSE)
    has_stages(shapes, stages(width, size)[::-1], STAGES)


@aspect("structure")
@SIZES
def test_kernels(student, draw, size):
    """has kernels of 3 x 3 in all convolutions"""
    has_kernels_of_three(student, build(student, size=size), codes(draw, 2))


globals().update(layer_checks(build, codes, IMAGE_SIZES, "linear layer"))
globals().update(network_checks(build, codes, "codes", sizes=IMAGE_SIZES))
