"""Hidden checks: one step of a critic with weight clipping.

The critic lives in the student's process; its twin, with the same weights, takes the oracle's step
here.
"""

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
from autograder.suites.gan.critic_loss import oracle as critic_loss_oracle
from autograder.suites.gan.wgan_clip_step import oracle

CLIP = 0.4


def twins(student, draw, *, column=True):
    """A critic on (B, 4), or (B, 1, 2, 2), in the student's process and its twin here; its weights
    lie on both sides of the bounds.
    """
    layers = [
        ("Flatten",),
        ("Linear", 4, 5),
        ("Tanh",),
        ("Linear", 5, 1),
        *([] if column else [("Flatten", 0)]),
    ]
    return twin_networks(student, draw, *layers, scale=0.7)


def data(draw, n_real=16, n_fake=16):
    return draw.normal(n_real, 4) + 0.7, 0.8 * draw.normal(n_fake, 4)


@weight(3)
def test_step(student, draw):
    """moves the critic by one step down its loss, then clips it"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw)
    student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    close(theirs.state_dict(), dict(twin.state_dict()))


@weight(2)
def test_direction(student, draw):
    """moves the critic in the right direction where no weight reaches its bound"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw)
    student.wgan_clip_step(theirs, ours, real, fake, 50.0)
    oracle.wgan_clip_step(twin, mine, real, fake, 50.0)
    close(theirs.state_dict(), dict(twin.state_dict()))


@weight(2)
def test_bounds(student, draw):
    """leaves every weight and bias between the two bounds, even after a very long step"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin, lr=300.0)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    for value in theirs.state_dict().values():
        is_true(value.abs().max() <= CLIP + 1e-12, "a parameter beyond its bounds")
    is_true(
        torch.cat([value.flatten() for value in theirs.state_dict().values()]).unique().numel() > 1
    )


@weight(2)
def test_loss(student, draw):
    """returns the loss of the critic as it was before the step and before clipping"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    real, fake = data(draw)
    value = student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    with torch.no_grad():
        close(number(value), float(critic_loss_oracle.critic_loss(twin(real), twin(fake))))


def test_detached(student, draw):
    """returns the loss without its graph"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    value = student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@weight(3)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that a generator's step left in the critic"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw)
    (-theirs(fake).mean()).backward()
    student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    close(theirs.state_dict(), dict(twin.state_dict()))


def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    theirs, twin = twins(student, draw)
    ours = student.new("torch.optim.RMSprop", theirs.parameters(), lr=0.02)
    mine = torch.optim.RMSprop(twin.parameters(), lr=0.02)
    for _ in range(4):
        real, fake = data(draw)
        student.wgan_clip_step(theirs, ours, real, fake, CLIP)
        oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-5)


def test_unequal_batches(student, draw):
    """averages each batch by its own size when real and fake batches differ"""
    theirs, twin = twins(student, draw)
    ours, mine = sgd(student, theirs, twin)
    real, fake = data(draw, 12, 5)
    value = student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    close(number(value), float(oracle.wgan_clip_step(twin, mine, real, fake, CLIP)))
    close(theirs.state_dict(), dict(twin.state_dict()))


def test_images(student, draw):
    """works for images, with a critic that returns scores of shape (B,)"""
    theirs, twin = twins(student, draw, column=False)
    ours, mine = sgd(student, theirs, twin)
    real, fake = (batch.reshape(-1, 1, 2, 2) for batch in data(draw))
    student.wgan_clip_step(theirs, ours, real, fake, CLIP)
    oracle.wgan_clip_step(twin, mine, real, fake, CLIP)
    close(theirs.state_dict(), dict(twin.state_dict()))


@weight(2)
def test_buffers(student, draw):
    """clips parameters only, not the buffers of the critic"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    buffer = 2 + draw.uniform(3)
    theirs.register_buffer("running", buffer)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    state = theirs.state_dict()
    same(state.pop("running"), buffer)
    is_true(
        all(value.abs().max() <= CLIP + 1e-12 for value in state.values()),
        "a parameter beyond its bounds",
    )


@weight(3)
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
    close(theirs.state_dict(), dict(twin.state_dict()))
    same(generator.state_dict(), before)
    for name in ("weight.grad", "bias.grad"):
        gradient = student.new("operator.attrgetter", name)(generator)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


def test_data_unchanged(student, draw):
    """leaves the batches as they were"""
    theirs, twin = twins(student, draw)
    ours, _ = sgd(student, theirs, twin)
    student.wgan_clip_step(theirs, ours, *data(draw), CLIP)
    inputs_unchanged(student)
    is_true(not torch.equal(theirs.state_dict()["1.weight"], twin.state_dict()["1.weight"]))
