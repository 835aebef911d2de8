"""Hidden checks: one step of a critic with weight clipping.

The critic lives in the student's process; its twin, with the same weights, takes the oracle's step
here.
"""

import copy
import functools

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    inputs_unchanged,
    is_true,
    number,
    once_right,
    same,
    sgd,
    twin_networks,
)
from autograder.suites.gan.critic_loss import oracle as critic_loss_oracle
from autograder.suites.gan.remote_networks import buffers_of, parameters_of, read
from autograder.suites.gan.wgan_clip_step import oracle

ASPECTS = {"training": 0.6, "images": 0.15, "edges": 0.15, "conventions": 0.1}

CLIP = 0.4
WITHIN = CLIP + 1e-12


def twins(student, draw, *, column=True, norm=False):
    """A critic on (B, 4), or (B, 1, 2, 2), in the student's process and its twin here: one network
    within another, with weights on both sides of the bounds. Scores (B, 1), or else (B,).
    """
    middle = [("BatchNorm1d", 5)] if norm else []
    inner, inner_twin = twin_networks(
        student, draw, ("Linear", 4, 5), *middle, ("Tanh",), scale=0.7, statistics=norm
    )
    flat = [] if column else [("Flatten", 0)]
    last, last_twin = twin_networks(student, draw, ("Linear", 5, 1), *flat, scale=0.7)
    theirs = student.new("torch.nn.Sequential", student.new("torch.nn.Flatten"), inner, last)
    return theirs, torch.nn.Sequential(torch.nn.Flatten(), inner_twin, last_twin)


def data(draw, n_real=16, n_fake=16):
    return draw.normal(n_real, 4) + 0.7, 0.8 * draw.normal(n_fake, 4)


def moved_alike(theirs, twin):
    close(parameters_of(theirs), parameters_of(twin))


def both_step(student, draw, clip=CLIP, given=None, **kinds):
    """Critic and twin after a step of each."""
    theirs, twin = twins(student, draw, **kinds)
    ours, mine = sgd(student, theirs, twin)
    given = given or data(draw)
    student.wgan_clip_step(theirs, ours, *given, clip)
    oracle.wgan_clip_step(twin, mine, *given, clip)
    moved_alike(theirs, twin)
    return theirs, twin


@aspect("training")
def test_step(student, draw):
    """moves the critic by one step down its loss, then clips all of its weights and biases, those
    of networks within it too
    """
    both_step(student, draw)


def in_order(student, draw):
    """Fails for an answer that gets a plain step wrong."""
    both_step(student, draw)


@aspect("training")
def test_direction(student, draw):
    """moves the critic in the right direction where no weight reaches its bound"""
    both_step(student, draw, 50)


@aspect("training")
def test_bounds(student, draw):
    """leaves every weight and bias between the two bounds, even after a very long step"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin, lr=300.0)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    values = parameters_of(theirs).values()
    is_true(all(value.abs().max() <= WITHIN for value in values), "beyond its bounds")
    is_true(torch.cat([value.flatten() for value in values]).unique().numel() > 1)


@aspect("training")
def test_loss(student, draw):
    """returns the loss of the critic as it was before the step and before clipping"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    real, fake = data(draw)
    value = student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    with torch.no_grad():
        close(number(value), float(critic_loss_oracle.critic_loss(twin(real), twin(fake))))


@aspect("training")
@after(in_order)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that a generator's step left in the critic"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw)
    (-theirs(fake).mean()).backward()
    student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    moved_alike(theirs, twin)


@aspect("training")
@after(in_order)
def test_generator_untouched(student, draw):
    """changes nothing of the generator that made the fake batch, not even its gradients"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    generator = student.new("torch.nn.Linear", 3, 4).double()
    real, z = data(draw)[0], draw.normal(10, 3)
    before, fake = generator.state_dict(), generator(z).detach()
    # the fake batch goes from generator to step within the student's process, so that its graph
    # goes with it
    step = student.new("functools.partial", student.wgan_clip_step, theirs, ours, real)
    student.new(
        "builtins.list",
        student.new("builtins.map", step, student.new("builtins.map", generator, [z]), [CLIP]),
    )
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    moved_alike(theirs, twin)
    same(generator.state_dict(), before)
    for name in ("weight.grad", "bias.grad"):
        gradient = read(student, generator, name)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


@aspect("training")
@after(in_order)
def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    theirs, twin = twins(student, draw)
    ours = student.new("torch.optim.RMSprop", theirs.parameters(), lr=0.02)
    mine = torch.optim.RMSprop(twin.parameters(), lr=0.02)
    for _ in range(3):
        real, fake = data(draw)
        student.wgan_clip_step(theirs, ours, real, fake, CLIP)
        oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    close(parameters_of(theirs), parameters_of(twin), rtol=1e-3, atol=1e-5)


@aspect("images")
@pytest.mark.parametrize("sizes", [(16, 16), (1, 5), (1, 1)])
def test_images(student, draw, sizes):
    """works for images, with a critic that returns scores of shape (B,), in batches of one too"""
    given = [batch.reshape(-1, 1, 2, 2) for batch in data(draw, *sizes)]
    both_step(student, draw, given=given, column=False)


@aspect("edges")
@after(in_order)
def test_unequal_batches(student, draw):
    """averages each batch by its own size when real and fake batches differ"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw, 12, 5)
    value = student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    close(number(value), float(oracle.wgan_clip_step(twin, mine, real, fake, CLIP)))
    moved_alike(theirs, twin)


@aspect("edges")
@after(in_order)
def test_clip_of_zero(student, draw):
    """leaves every parameter at zero for a clip of 0"""
    both_step(student, draw, 0.0)


@aspect("edges")
@after(in_order)
def test_frozen(student, draw):
    """clips the frozen parameters of the critic as well, and leaves them frozen"""
    theirs, twin = twins(student, draw)
    for network in (theirs, twin):
        network[1].requires_grad_(False)
    ours, mine = sgd(student, theirs, twin)
    given = data(draw)
    student.wgan_clip_step(theirs, ours, *given, CLIP)
    oracle.wgan_clip_step(twin, mine, *given, CLIP)
    moved_alike(theirs, twin)
    for part, frozen in ((theirs[1], True), (theirs[2], False)):
        is_true(read(student, part[0], "weight.requires_grad") is not frozen, "thawed, or frozen")


@aspect("edges")
@after(in_order)
def test_part_of_the_critic(student, draw):
    """clips every parameter of the critic, whatever its name and group, one that the optimizer does
    not hold too
    """
    theirs, twin = twins(student, draw)
    gains = draw.normal(3)
    for network, given in (
        (theirs, student.new("torch.nn.ParameterList", [gains])),
        (twin, torch.nn.ParameterList([gains.clone()])),
    ):  # no part of the scores
        network[0].add_module("gains", given.requires_grad_(False))
    ours, mine = (
        make([{"params": network[index][0].parameters()} for index in (2, 1)], lr=0.05)
        for network, make in (
            (theirs, functools.partial(student.new, "torch.optim.SGD")),
            (twin, torch.optim.SGD),
        )
    )
    given = data(draw)
    student.wgan_clip_step(theirs, ours, *given, CLIP)
    oracle.wgan_clip_step(twin, mine, *given, CLIP)
    close(dict(theirs.state_dict()), dict(twin.state_dict()))


@aspect("edges")
@after(in_order)
def test_buffers(student, draw):
    """clips parameters only, not the buffers of the critic"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    buffer = 2 + draw.uniform(3)
    theirs.register_buffer("running", buffer)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    same(theirs.state_dict()["running"], buffer)


@aspect("edges")
@after(in_order)
def test_batch_norm(student, draw):
    """runs the critic once over each batch, real and fake apart, as running statistics show"""
    theirs, twin = twins(student, draw, norm=True)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw)
    expected = []
    for batches in ((real, fake), (fake, real)):
        one = copy.deepcopy(twin)
        for batch in batches:
            one(batch)
        expected.append(buffers_of(one))
    student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    moved_alike(theirs, twin)
    found = buffers_of(theirs)
    is_true(
        any(
            all(torch.allclose(found[name].double(), one[name].double()) for name in one)
            for one in expected
        ),
        "other running statistics",
    )


@aspect("conventions")
@pytest.mark.parametrize("training", [True, False])
def test_mode(student, draw, training):
    """uses the critic in the mode that it is in, and leaves it there"""
    theirs, twin = twins(student, draw, norm=True)
    ours, mine = sgd(student, theirs, twin)
    given = data(draw)
    for network in (theirs, twin):
        network.train(training)
    student.wgan_clip_step(theirs, ours, *given, CLIP)
    oracle.wgan_clip_step(twin, mine, *given, CLIP)
    once_right(parameters_of(theirs), parameters_of(twin))
    is_true(read(student, theirs, "training") is training, "another mode")


@aspect("conventions")
@after(in_order)
def test_detached(student, draw):
    """returns the loss without its graph"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    value = student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@aspect("conventions")
@after(in_order)
def test_data_unchanged(student, draw):
    """leaves the batches as they were"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    inputs_unchanged(student)
