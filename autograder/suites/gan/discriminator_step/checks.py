"""Hidden checks: one step of the discriminator.

The networks live in the student's process; their twins, with the same weights, take the oracle's
step here.
"""

import pytest
import torch

from autograder.checks import (
    close,
    inputs_unchanged,
    is_true,
    number,
    same,
    sgd,
    twin_networks,
    weight,
)
from autograder.suites.gan.discriminator_step import oracle

G_LAYERS = [("Linear", 3, 8), ("Tanh",), ("Linear", 8, 6), ("Unflatten", 1, (1, 2, 3))]
G_NORMED = [
    ("Linear", 3, 8),
    ("BatchNorm1d", 8),
    ("ReLU",),
    ("Linear", 8, 6),
    ("Unflatten", 1, (1, 2, 3)),
]
D_LAYERS = [("Flatten",), ("Linear", 6, 8), ("LeakyReLU", 0.2), ("Linear", 8, 1)]
D_NORMED = [
    ("Flatten",),
    ("Linear", 6, 8),
    ("BatchNorm1d", 8),
    ("LeakyReLU", 0.2),
    ("Linear", 8, 1),
]


def twins(student, draw, layers):
    return twin_networks(student, draw, *layers, scale=0.5)


def read(student, network, path):
    """An attribute of a part of a network in the student's process: "1.weight.grad"."""
    return student.new("operator.attrgetter", path)(network)


def parameters_of(network):
    """Weights and biases by name, without the running statistics of batch norm."""
    return {
        name: value
        for name, value in dict(network.state_dict()).items()
        if name.endswith(("weight", "bias"))
    }


def loss(real, fake):
    """No loss of the course: neither symmetric in its arguments nor linear."""
    return (real - 2).square().mean() + (0.5 * fake).exp().mean()


def batch(draw, n=12):
    return draw.normal(n, 1, 2, 3) + 0.5, draw.normal(n, 3)


@weight(3)
@pytest.mark.parametrize("last", [(), (("Flatten", 0),)])
def test_step(student, draw, last):
    """moves the discriminator by one step down the loss, whether its outputs are (B, 1) or (B,)"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, [*D_LAYERS, *last]),
    )
    optimizer, mine = sgd(student, discriminator, d)
    x, z = batch(draw)
    student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
    oracle.discriminator_step(g, d, mine, x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))


@weight(2)
def test_value(student, draw):
    """returns the loss as it was before the step"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    x, z = batch(draw)
    value = student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], x, z, loss
    )
    with torch.no_grad():
        close(number(value), float(loss(d(x), d(g(z)))))


def test_detached(student, draw):
    """returns the loss without its graph"""
    (generator, _), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    value = student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@weight(3)
def test_no_gradient_to_generator(student, draw):
    """sends no gradient to the generator and leaves its parameters as they were, while the
    discriminator moves
    """
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    for layer in ("0", "2"):
        is_true(read(student, generator, f"{layer}.weight.grad") is None)
        is_true(read(student, generator, f"{layer}.bias.grad") is None)
    same(generator.state_dict(), dict(g.state_dict()))
    is_true(not torch.equal(discriminator.state_dict()["1.weight"], d.state_dict()["1.weight"]))


@weight(2)
def test_generator_gradient_kept(student, draw):
    """leaves a gradient that the generator has from its own step as it was"""
    (generator, _), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    x, z = batch(draw)
    generator(z).square().sum().backward()
    before = read(student, generator, "0.weight.grad")
    student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], x, z, loss
    )
    same(read(student, generator, "0.weight.grad"), before)
    is_true(not torch.equal(discriminator.state_dict()["1.weight"], d.state_dict()["1.weight"]))


@weight(4)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that the generator's step left in the discriminator"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, discriminator, d)
    x, z = batch(draw)
    discriminator(generator(z)).square().sum().backward()
    student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
    oracle.discriminator_step(g, d, mine, x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))


@weight(2)
def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, discriminator, d, lr=0.02, momentum=0.9)
    for _ in range(3):
        x, z = batch(draw)
        student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
        oracle.discriminator_step(g, d, mine, x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))


def test_unequal_batches(student, draw):
    """takes real and generated batches of different sizes"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, discriminator, d)
    x, z = batch(draw, 5)[0], batch(draw, 9)[1]
    student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
    oracle.discriminator_step(g, d, mine, x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))


def test_loss_of_the_library(student, draw):
    """works with a loss that is a module, and hands it real first and fake second"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, discriminator, d)
    x, z = batch(draw)
    student.discriminator_step(
        generator, discriminator, optimizer, x, z, student.new("torch.nn.PoissonNLLLoss")
    )
    oracle.discriminator_step(g, d, mine, x, z, torch.nn.PoissonNLLLoss())
    close(discriminator.state_dict(), dict(d.state_dict()))


@weight(2)
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_in_generator(student, draw, training):
    """uses a generator with batch norm in the mode that it is in, and trains on its images"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_NORMED),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, discriminator, d)
    x, z = batch(draw)
    generator.train(training)
    g.train(training)
    student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
    oracle.discriminator_step(g, d, mine, x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))
    same(parameters_of(generator), parameters_of(g))


def test_batch_norm_in_discriminator(student, draw):
    """works with a discriminator that has batch norm"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_NORMED),
        twins(student, draw, D_NORMED),
    )
    value = student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    is_true(abs(number(value)) < 1e6)
    moved = parameters_of(discriminator)
    is_true(
        all(
            not torch.equal(moved[name], before)
            for name, before in parameters_of(d).items()
            if name != "1.bias"
        )
    )
    same(parameters_of(generator), parameters_of(g))


@pytest.mark.parametrize("training", [True, False])
def test_modes(student, draw, training):
    """leaves both networks in the mode (train or eval) in which they were"""
    (generator, _), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    generator.train(training)
    discriminator.train(training)
    student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    is_true(
        read(student, generator, "training") is training
        and read(student, discriminator, "training") is training
    )


@weight(3)
def test_trainable_afterwards(student, draw):
    """leaves all parameters of both networks ready for gradients"""
    (generator, _), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    for network, layers in ((generator, "02"), (discriminator, "13")):
        for layer in layers:
            is_true(
                read(student, network, f"{layer}.weight.requires_grad")
                and read(student, network, f"{layer}.bias.requires_grad")
            )


def test_partial_optimizer(student, draw):
    """changes only what the optimizer holds"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer = student.new("torch.optim.SGD", discriminator[3].parameters(), lr=0.05)
    x, z = batch(draw)
    student.discriminator_step(generator, discriminator, optimizer, x, z, loss)
    oracle.discriminator_step(g, d, torch.optim.SGD(d[3].parameters(), lr=0.05), x, z, loss)
    close(discriminator.state_dict(), dict(d.state_dict()))


def test_inputs(student, draw):
    """leaves the batch as it was"""
    (generator, _), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    value = student.discriminator_step(
        generator, discriminator, sgd(student, discriminator, d)[0], *batch(draw), loss
    )
    inputs_unchanged(student)
    number(value)
