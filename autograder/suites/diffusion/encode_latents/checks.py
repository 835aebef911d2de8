"""Hidden checks: scaled latents of data."""

import pytest
import torch

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
from autograder.suites.diffusion.encode_latents import oracle
from autograder.suites.diffusion.probability_paths import layers, same_parameter_gradients

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.12, "conventions": 0.08}


class Encoder:
    """Rows of any shape to means and log-variances (B, n)."""

    def __init__(self, draw, n_in, n):
        self.mean, self.spread = draw.normal(n, n_in), draw.normal(n, n_in)

    def __call__(self, x):
        rows = x.reshape(len(x), -1)
        return rows @ self.mean.T.to(x), 2 * torch.tanh(rows @ self.spread.T.to(x)) - 0.5


def agree(student, *call):
    close(student.encode_latents(*call), oracle.encode_latents(*call))


def right_in_general(student, draw):
    call = Encoder(draw, 4, 3), draw.normal(5, 4), draw.normal(5, 3), 0.3
    once_right(student.encode_latents(*call), oracle.encode_latents(*call))


@pytest.mark.parametrize("scale", [1.0, 0.18, 4.0])
def test_latents(student, draw, scale):
    """scales the draw from q(z | x) that eps stands for, mean and noise alike"""
    agree(student, Encoder(draw, 4, 3), draw.normal(6, 4), draw.normal(6, 3), scale)


def test_images(student, draw):
    """works for images and for latents with several axes"""

    def encoder(x):
        return x[:, :1, ::2, ::2], x[:, 1:, ::2, ::2].sin()

    agree(student, encoder, draw.normal(3, 2, 4, 6), draw.normal(3, 1, 2, 3), 0.4)


def test_mean(student, draw):
    """is the scaled mean where eps is zero, and moves by the scaled width where it is one"""
    encoder, x = Encoder(draw, 4, 3), draw.normal(5, 4)
    mu, logvar = encoder(x)
    middle = student.encode_latents(encoder, x, torch.zeros(5, 3).double(), 0.7)
    close(middle, 0.7 * mu)
    above = student.encode_latents(encoder, x, torch.ones(5, 3).double(), 0.7)
    close(above - middle, 0.7 * (logvar / 2).exp())


def test_scale_tensor(student, draw):
    """takes a scale that is a tensor"""
    scale = draw.uniform(1, low=0.1, high=0.5)[0]
    agree(student, Encoder(draw, 4, 3), draw.normal(6, 4), draw.normal(6, 3), scale)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the data, the noise and the scale"""
    encoder = Encoder(draw, 4, 3)
    same_gradients(
        lambda x, eps, scale: student.encode_latents(encoder, x, eps, scale),
        lambda x, eps, scale: oracle.encode_latents(encoder, x, eps, scale),
        draw.normal(5, 4),
        draw.normal(5, 3),
        draw.uniform(1, low=0.3, high=2.0)[0],
    )


@aspect("gradients")
def test_parameter_gradients(student, draw):
    """sends the right gradients to the parameters of the encoder"""
    theirs, twin = twin_networks(student, draw, ("Linear", 3, 4), scale=0.5)
    halves = "lambda net: lambda x: net(x).chunk(2, 1)"
    call = draw.normal(5, 3), draw.normal(5, 2), 0.6
    same_parameter_gradients(
        *(student, theirs, twin),
        student.encode_latents(student.new("builtins.eval", halves)(theirs), *call),
        oracle.encode_latents(eval(halves)(twin), *call),
    )


@aspect("edges")
def test_calls(student, draw):
    """calls the encoder once, on the whole batch"""
    right_in_general(student, draw)
    watched, x = Watched(Encoder(draw, 4, 3)), draw.normal(5, 4)
    student.encode_latents(watched, x, draw.normal(5, 3), 0.3)
    is_true(len(watched.calls) == 1, f"{len(watched.calls)} calls")
    close(watched.calls[0][0], x)


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves the encoder in its mode"""
    right_in_general(student, draw)
    theirs, _ = twin_networks(student, draw, *layers(4, statistics=True), statistics=True)
    theirs.train(training)
    encoder = student.new("builtins.eval", "lambda net: lambda x: net(x).chunk(2, 1)")(theirs)
    student.encode_latents(encoder, draw.normal(6, 4), draw.normal(6, 2), 0.3)
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("edges")
def test_range(student, draw):
    """takes log-variances from -40 to 40 as they are"""
    right_in_general(student, draw)
    logvar = torch.linspace(-40, 40, 15).double().reshape(5, 3)
    x, eps = draw.normal(5, 3), 5 * draw.normal(5, 3)
    agree(student, lambda x: (x, logvar.to(x)), x, eps, 0.2)
    agree(student, lambda x: (0 * x, logvar.to(x)), x, eps, 0.2)


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one latent"""
    right_in_general(student, draw)
    agree(student, Encoder(draw, 4, size), draw.normal(n, 4), draw.normal(n, size), 0.3)


def calls(draw):
    """A scale that is a number, and one that is a tensor."""
    yield Encoder(draw, 4, 3), draw.normal(5, 4), draw.normal(5, 3), 0.3
    yield Encoder(draw, 4, 2), draw.normal(3, 2, 2), draw.normal(3, 2), draw.uniform(1)[0] + 0.2


globals().update(usual_checks(oracle.encode_latents, calls))
