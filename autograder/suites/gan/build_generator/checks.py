"""Hidden checks: the generator of a DCGAN.

The network stays in the student's process, whatever its style. `layers` has each layer with weights
and what reached it; the activations, written as modules or as functions, are what makes the
difference between one layer's output and the next one's input.
"""

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    close,
    follows_device,
    has_dtype,
    has_shape,
    is_true,
    same,
    weight,
)
from autograder.suites.gan import shared

SIZES = pytest.mark.parametrize("size", [28, 64])
COARSE = {28: 7, 64: 4}


def build(student, n_latent=6, width=4, size=28, n_channels=1):
    """A generator in evaluation mode, so that images do not depend on each other."""
    return student.build_generator(n_latent, width, size, n_channels).eval()


def image(value, *shape):
    has_shape(value, *shape)
    return value.detach()


def layers(student, generator, z):
    """What the generator consists of; at least a projection, a normalisation and an image layer."""
    found = shared.layers_of(student, generator, z)
    if len(found) < 3:
        raise CheckFailed(f"{len(found)} layers with weights")
    return found


def loud(generator, draw, scale):
    """Fill every float of the generator's state with random numbers, so that no layer is as it was
    initialised.
    """
    state = generator.state_dict()
    for name, value in state.items():
        if value.dtype == torch.float32:
            noise = draw.normal(*value.shape, dtype=torch.float32)
            state[name] = 0.5 + noise.abs() if name.endswith("running_var") else scale * noise
    generator.load_state_dict(state)
    return generator


@weight(2)
@pytest.mark.parametrize(("size", "n_channels"), [(28, 1), (64, 3), (28, 3), (64, 1)])
def test_shapes(student, draw, size, n_channels):
    """turns codes into images of the size and with the channels that were asked for"""
    for n_latent, width, batch in ((5, 4, 3), (9, 6, 2), (4, 4, 1)):
        z = draw.normal(batch, n_latent, dtype=torch.float32)
        image(build(student, n_latent, width, size, n_channels)(z), batch, n_channels, size, size)


@weight(2)
def test_range(student, draw):
    """gives pixels that fill the range from -1 to 1 and never leave it"""
    generator = loud(build(student), draw, 1.0)
    pixels = image(generator(3 * draw.normal(16, 6, dtype=torch.float32)), 16, 1, 28, 28)
    is_true(pixels.abs().max() <= 1.0 and pixels.min() < -0.9 and pixels.max() > 0.9)


@weight(3)
@SIZES
def test_tanh(student, draw, size):
    """applies a tanh to the output of its last layer, and nothing else"""
    generator = loud(build(student, size=size, n_channels=3), draw, 0.3)
    z = draw.normal(4, 6, dtype=torch.float32)
    pixels = image(generator(z), 4, 3, size, size)
    _, last, reached = layers(student, generator, z)[-1]
    # sorted: a resizing or reshaping after the layer may order the same values in another way
    close(
        pixels.flatten().sort().values,
        last(reached).detach().tanh().flatten().sort().values,
        rtol=1e-3,
        atol=1e-5,
    )


@weight(2)
@SIZES
def test_batch_norm(student, draw, size):
    """has batch norm after every layer but the image layer, and none on the image itself"""
    kinds = [
        kind
        for kind, _, _ in layers(
            student, build(student, size=size), draw.normal(2, 6, dtype=torch.float32)
        )
    ]
    is_true(
        all((kind == "norm") == (i % 2 == 1) for i, kind in enumerate(kinds))
        and len(kinds) % 2 == 1,
        str(kinds),
    )


@weight(2)
@SIZES
def test_relu(student, draw, size):
    """has a ReLU after each batch norm, no leaky or smooth one"""
    generator = loud(build(student, size=size, width=6), draw, 1.0)
    found = layers(student, generator, draw.normal(4, 6, dtype=torch.float32))
    norms = [i for i, (kind, _, _) in enumerate(found[:-1]) if kind == "norm"]
    is_true(norms, "no batch norm")
    for i in norms:
        expected = found[i][1](found[i][2]).detach().relu()
        reached = found[i + 1][2]
        if reached.numel() == expected.numel():
            close(
                reached.flatten().sort().values,
                expected.flatten().sort().values,
                rtol=1e-3,
                atol=1e-4,
            )
            continue
        # resized on the way: the values in between are unknown (nearest, bilinear), their range and
        # the zeros are not
        is_true(reached.numel() > expected.numel(), "smaller than before")
        is_true(reached.min() == 0 and (reached == 0).float().mean() > 0.02, "no ReLU")
        is_true(
            0.5 * expected.max() < reached.max() < 1.01 * expected.max(), "not linear above zero"
        )


@weight(2)
@SIZES
def test_stages(student, draw, size):
    """doubles the resolution and halves the channels from stage to stage, from the coarse grid down
    to `width` channels
    """
    width = 5
    found = layers(
        student, build(student, size=size, width=width), draw.normal(2, 6, dtype=torch.float32)
    )
    shapes = [tuple(reached.shape[1:]) for kind, _, reached in found if kind == "norm"]
    if (
        shapes and len(shapes[0]) == 1
    ):  # the projection is normalised before it is laid out as a grid
        shapes[0] = (shapes[0][0] // COARSE[size] ** 2, COARSE[size], COARSE[size])
    n_stages = len(shapes)
    is_true(n_stages >= (size // COARSE[size]).bit_length() - 1, f"{n_stages} stages")
    for stage, shape in enumerate(shapes):
        resolution = COARSE[size] * 2**stage
        same(list(shape), [width * 2 ** (n_stages - 1 - stage), resolution, resolution])


def test_no_dense_layers(student, draw):
    """has no fully connected layer after the projection of the code"""
    for size in (28, 64):
        found = layers(student, build(student, size=size), draw.normal(2, 6, dtype=torch.float32))
        is_true(all(kind != "linear" for kind, _, _ in found[1:]))


def test_image_layer(student, draw):
    """makes the image from `width` channels by a convolution, with a channel of its own for each
    colour
    """
    found = layers(
        student, build(student, n_channels=3, width=7), draw.normal(2, 6, dtype=torch.float32)
    )
    kind, last, reached = found[-1]
    is_true(kind == "conv" and reached.shape[1] == 7)
    is_true(last(reached).shape[1] % 3 == 0)  # 3, or 12 where its channels are shuffled into pixels


@weight(3)
def test_modes(student, draw):
    """normalises with the batch in training mode and with kept statistics in evaluation mode"""
    z = draw.normal(8, 6, dtype=torch.float32)
    generator = build(student)
    together = image(generator(z), 8, 1, 28, 28)
    close(image(generator(z[:1]), 1, 1, 28, 28), together[:1], rtol=1e-3, atol=1e-5)
    close(image(generator(z), 8, 1, 28, 28), together, rtol=1e-3, atol=1e-5)
    state = generator.state_dict()
    generator.train()
    generator(z)
    after = generator.state_dict()
    moved = [
        not torch.equal(after[name], state[name]) for name in state if name.endswith("running_mean")
    ]
    is_true(moved and all(moved), "statistics that do not follow the batch")
    whole, half = generator(z).detach(), generator(z[:4]).detach()
    is_true(
        not torch.allclose(whole[:4], half, atol=1e-5), "training mode does not depend on the batch"
    )


@weight(2)
def test_gradients(student, draw):
    """lets gradients reach the codes and every one of its parameters"""
    for size in (28, 64):
        generator = student.build_generator(6, 4, size, 2).train()
        z = draw.normal(4, 6, dtype=torch.float32).requires_grad_()
        pixels = generator(z)
        has_shape(pixels, 4, 2, size, size)
        (pixels * draw.normal(4, 2, size, size, dtype=torch.float32)).sum().backward()
        is_true(z.grad is not None and bool((z.grad.abs().sum(1) > 0).all()))
        grads = student.new(
            "builtins.list",
            student.new(
                "builtins.map", student.new("operator.attrgetter", "grad"), generator.parameters()
            ),
        )
        is_true(
            grads
            and all(
                isinstance(grad, torch.Tensor) and bool(torch.isfinite(grad).all())
                for grad in grads
            )
        )
        same(
            len(grads),
            len(
                [
                    n
                    for n in generator.state_dict()
                    if not n.endswith(("running_mean", "running_var", "tracked"))
                ]
            ),
        )


@weight(2)
def test_fresh(student, draw):
    """is a new network, with random weights of its own, at each call"""
    one, two = build(student), build(student)
    z = draw.normal(3, 6, dtype=torch.float32)
    before = image(two(z), 3, 1, 28, 28)
    is_true(not torch.allclose(image(one(z), 3, 1, 28, 28), before, atol=1e-6))
    loud(one, draw, 1.0)
    close(two(z).detach(), before, rtol=1e-4, atol=1e-6)
    codes = draw.normal(2, 6, dtype=torch.float32)
    is_true(
        not torch.allclose(*image(loud(two, draw, 1.0)(codes), 2, 1, 28, 28), atol=1e-3),
        "the code does not matter",
    )


def test_moves(student, draw):
    """goes to another device or precision as a whole"""
    for size in (28, 64):
        wide = build(student, size=size).double()
        has_dtype(wide(draw.normal(2, 6)), torch.float64)
        generator, z = build(student, size=size), draw.normal(2, 6, dtype=torch.float32)
        here = image(generator(z), 2, 1, size, size)
        follows_device(
            lambda z, generator=generator: generator.to(z.device)(z), lambda z, here=here: here, z
        )
