"""Hidden checks: one step of the generator.

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
from autograder.suites.gan.generator_step import oracle

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


def loss(fake):
    """No loss of the course, and not linear."""
    return (fake - 2).square().mean() + (0.5 * fake).exp().mean()


@weight(3)
@pytest.mark.parametrize("last", [(), (("Flatten", 0),)])
def test_step(student, draw, last):
    """moves the generator by one step down the loss, whether the discriminator's outputs are (B, 1)
    or (B,)
    """
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, [*D_LAYERS, *last]),
    )
    optimizer, mine = sgd(student, generator, g)
    z = draw.normal(12, 3)
    student.generator_step(generator, discriminator, optimizer, z, loss)
    oracle.generator_step(g, d, mine, z, loss)
    close(generator.state_dict(), dict(g.state_dict()))


@weight(2)
def test_value(student, draw):
    """returns the loss as it was before the step"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    z = draw.normal(12, 3)
    value = student.generator_step(generator, discriminator, sgd(student, generator, g)[0], z, loss)
    with torch.no_grad():
        close(number(value), float(loss(d(g(z)))))


def test_detached(student, draw):
    """returns the loss without its graph"""
    (generator, g), (discriminator, _) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    value = student.generator_step(
        generator, discriminator, sgd(student, generator, g)[0], draw.normal(12, 3), loss
    )
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@weight(2)
def test_discriminator_stays(student, draw):
    """moves the generator and leaves the discriminator's parameters as they were"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    z = draw.normal(12, 3)
    discriminator(generator(z)).square().sum().backward()
    student.generator_step(generator, discriminator, sgd(student, generator, g)[0], z, loss)
    same(discriminator.state_dict(), dict(d.state_dict()))
    for name, before in g.state_dict().items():
        is_true(not torch.equal(generator.state_dict()[name], before))


@weight(4)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that earlier backward passes left in the generator or in the
    discriminator
    """
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, generator, g)
    z = draw.normal(12, 3)
    discriminator(generator(z)).square().sum().backward()
    student.generator_step(generator, discriminator, optimizer, z, loss)
    oracle.generator_step(g, d, mine, z, loss)
    close(generator.state_dict(), dict(g.state_dict()))


@weight(2)
def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, generator, g, lr=0.02, momentum=0.9)
    for _ in range(3):
        z = draw.normal(12, 3)
        student.generator_step(generator, discriminator, optimizer, z, loss)
        oracle.generator_step(g, d, mine, z, loss)
    close(generator.state_dict(), dict(g.state_dict()))


def test_loss_of_the_library(student, draw):
    """works with a loss that is no plain function"""
    (generator, g), (discriminator, d) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    optimizer, mine = sgd(student, generator, g)
    z = draw.normal(12, 3)
    student.generator_step(
        generator, discriminator, optimizer, z, student.new("operator.methodcaller", "mean")
    )
    oracle.generator_step(g, d, mine, z, torch.mean)
    close(generator.state_dict(), dict(g.state_dict()))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layers", [(G_NORMED, D_LAYERS), (G_LAYERS, D_NORMED)])
def test_batch_norm(student, draw, layers, training):
    """uses networks with batch norm in the mode that they are in"""
    (generator, g), (discriminator, d) = (twins(student, draw, of) for of in layers)
    optimizer, mine = sgd(student, generator, g)
    z = draw.normal(12, 3)
    for network in (generator, g, discriminator, d):
        network.train(training)
    student.generator_step(generator, discriminator, optimizer, z, loss)
    oracle.generator_step(g, d, mine, z, loss)
    close(parameters_of(generator), parameters_of(g))
    same(parameters_of(discriminator), parameters_of(d))


@pytest.mark.parametrize("training", [True, False])
def test_modes(student, draw, training):
    """leaves both networks in the mode (train or eval) in which they were"""
    (generator, g), (discriminator, _) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    generator.train(training)
    discriminator.train(training)
    student.generator_step(
        generator, discriminator, sgd(student, generator, g)[0], draw.normal(12, 3), loss
    )
    is_true(
        read(student, generator, "training") is training
        and read(student, discriminator, "training") is training
    )


@weight(3)
def test_trainable_afterwards(student, draw):
    """leaves all parameters of both networks ready for gradients"""
    (generator, g), (discriminator, _) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    student.generator_step(
        generator, discriminator, sgd(student, generator, g)[0], draw.normal(12, 3), loss
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
    optimizer = student.new("torch.optim.SGD", generator[2].parameters(), lr=0.05)
    z = draw.normal(12, 3)
    student.generator_step(generator, discriminator, optimizer, z, loss)
    oracle.generator_step(g, d, torch.optim.SGD(g[2].parameters(), lr=0.05), z, loss)
    close(generator.state_dict(), dict(g.state_dict()))


def test_inputs(student, draw):
    """leaves the codes as they were"""
    (generator, g), (discriminator, _) = (
        twins(student, draw, G_LAYERS),
        twins(student, draw, D_LAYERS),
    )
    value = student.generator_step(
        generator, discriminator, sgd(student, generator, g)[0], draw.normal(12, 3), loss
    )
    inputs_unchanged(student)
    number(value)
