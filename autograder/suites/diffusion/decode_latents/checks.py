"""Hidden checks: data of scaled latents."""

import pytest

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    same_gradients,
    twin_networks,
    usual_checks,
)
from autograder.suites.diffusion.decode_latents import oracle
from autograder.suites.diffusion.probability_paths import layers, same_parameter_gradients

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.12, "conventions": 0.08}


class Decoder:
    """Latents (B, D) to rows (B, n), far from linear and not only between -1 and 1."""

    def __init__(self, draw, size, n):
        self.weight, self.shift = draw.normal(n, size), draw.normal(n)

    def __call__(self, z):
        h = z.reshape(len(z), -1) @ self.weight.T.to(z) + self.shift.to(z)
        return 3 * h.sin() + h


def agree(student, *call):
    close(student.decode_latents(*call), oracle.decode_latents(*call))


def right_in_general(student, draw):
    call = Decoder(draw, 3, 4), draw.normal(5, 3), 0.3
    once_right(student.decode_latents(*call), oracle.decode_latents(*call))


@pytest.mark.parametrize("scale", [1.0, 0.18, 4.0])
def test_data(student, draw, scale):
    """decodes the latents after their scale is taken away"""
    agree(student, Decoder(draw, 3, 5), draw.normal(6, 3), scale)


def test_images(student, draw):
    """works for latents with several axes"""
    agree(student, lambda z: 2 * z.sin().repeat(1, 1, 2, 2), draw.normal(3, 2, 2, 3), 0.4)


def test_inverse(student, draw):
    """gives the latents back that were scaled"""
    latents, scale = draw.normal(5, 3), 0.23
    close(student.decode_latents(lambda z: z, scale * latents, scale), latents, 1e-6, 1e-8)


def test_scale_tensor(student, draw):
    """takes a scale that is a tensor"""
    scale = draw.uniform(1, low=0.1, high=0.5)[0]
    agree(student, Decoder(draw, 3, 5), draw.normal(6, 3), scale)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the latents and the scale"""
    decoder = Decoder(draw, 3, 5)
    same_gradients(
        lambda z, scale: student.decode_latents(decoder, z, scale),
        lambda z, scale: oracle.decode_latents(decoder, z, scale),
        draw.normal(5, 3),
        draw.uniform(1, low=0.3, high=2.0)[0],
    )


@aspect("gradients")
def test_parameter_gradients(student, draw):
    """sends the right gradients to the parameters of the decoder"""
    theirs, twin = twin_networks(student, draw, *layers(3), scale=0.5)
    z = draw.normal(5, 3)
    same_parameter_gradients(
        *(student, theirs, twin),
        student.decode_latents(theirs, z, 0.6),
        oracle.decode_latents(twin, z, 0.6),
    )


@aspect("edges")
def test_calls(student, draw):
    """calls the decoder once, on the whole batch"""
    right_in_general(student, draw)
    watched, z = Watched(Decoder(draw, 3, 5)), draw.normal(4, 3)
    student.decode_latents(watched, z, 0.3)
    is_true(len(watched.calls) == 1, f"{len(watched.calls)} calls")
    close(watched.calls[0][0], z / 0.3)


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves the decoder in its mode"""
    right_in_general(student, draw)
    theirs, _ = twin_networks(student, draw, *layers(4, statistics=True), statistics=True)
    theirs.train(training)
    student.decode_latents(theirs, draw.normal(6, 4), 0.3)
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("edges")
@pytest.mark.parametrize("scale", [1e-6, 1e6, 2])
def test_scales(student, draw, scale):
    """takes scales of any size, and whole numbers"""
    right_in_general(student, draw)
    agree(student, lambda z: z, scale * draw.normal(5, 3), scale)
    agree(student, lambda z: 100 * z, scale * draw.normal(5, 3), scale)


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one latent"""
    right_in_general(student, draw)
    agree(student, Decoder(draw, size, size), draw.normal(n, size), 0.3)


def calls(draw):
    """A scale that is a number, and one that is a tensor."""
    yield Decoder(draw, 3, 4), draw.normal(5, 3), 0.3
    yield Decoder(draw, 4, 2), draw.normal(3, 2, 2), draw.uniform(1)[0] + 0.2


globals().update(usual_checks(oracle.decode_latents, calls))
