"""Hidden checks: one step of a discriminator."""

import copy

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    after,
    aspect,
    close,
    inputs_unchanged,
    is_true,
    number,
    sgd,
    twin_networks,
)
from autograder.suites.gan.remote_networks import buffers_of, parameters_of, read
from autograder.suites.pix2pix.cycle_discriminator_step import oracle
from autograder.suites.pix2pix.cycle_players import JUDGE, NORMED_JUDGE
from autograder.suites.pix2pix.two_domains import no_graph

ASPECTS = {"training": 0.6, "values": 0.15, "edges": 0.15, "conventions": 0.1}


class Judge:
    """A discriminator over there, its twin here, and an optimizer of each."""

    def __init__(self, student, draw, layers=JUDGE, **options):
        self.student, self.draw = student, draw
        self.theirs, self.twin = twin_networks(student, draw, *layers, scale=0.5)
        self.optimizers = sgd(student, self.theirs, self.twin, **options)
        self.before = copy.deepcopy(self.twin)

    def batches(self, n_real=5, n_fake=4):
        return self.draw.normal(n_real, 1, 2, 3) + 0.5, 1.5 * self.draw.normal(n_fake, 1, 2, 3)

    def step(self, real, fake):
        return self.student.cycle_discriminator_step(self.theirs, self.optimizers[0], real, fake)

    def both_step(self, real, fake):
        """The student's step and the oracle's; what both returned."""
        theirs = self.step(real, fake)
        return theirs, oracle.cycle_discriminator_step(self.twin, self.optimizers[1], real, fake)

    def moved_alike(self):
        close(parameters_of(self.theirs), parameters_of(self.twin))

    def moved(self):
        pairs = zip(
            parameters_of(self.theirs).values(), parameters_of(self.before).values(), strict=True
        )
        return any(not torch.equal(now, before) for now, before in pairs)


def plain(student, draw):
    judge = Judge(student, draw)
    judge.both_step(*judge.batches())
    judge.moved_alike()


@aspect("training")
@pytest.mark.parametrize("sizes", [(5, 5), (7, 2), (1, 1)])
@pytest.mark.parametrize("last", [(), (("Flatten", 0),)])
def test_step(student, draw, sizes, last):
    """moves the discriminator by one step down the loss, for outputs of any shape and batches that
    differ in size
    """
    judge = Judge(student, draw, [*JUDGE, *last])
    judge.both_step(*judge.batches(*sizes))
    judge.moved_alike()


@pytest.mark.parametrize("scale", [1, 20])
def test_value(student, draw, scale):
    """returns the loss as it was before the step, for outputs far from 0 and 1 too"""
    judge = Judge(student, draw, lr=1e-4)
    theirs, expected = judge.both_step(*(scale * x for x in judge.batches()))
    close(number(theirs), float(expected))


@aspect("training")
@after(plain)
@pytest.mark.parametrize("which", ["real", "fake"])
def test_no_gradient_to_the_map(student, draw, which):
    """sends no gradient to what the images were computed from, while the discriminator moves"""
    judge = Judge(student, draw)
    network, twin = twin_networks(student, draw, ("Conv2d", 1, 1, 1))
    real, fake = judge.batches()
    # Over there the images come with their graph: `map` makes them when `next` asks for the result.
    new = student.new
    made = new("builtins.map", network, [real if which == "real" else fake])
    images = {"real": [real], "fake": [fake]} | {which: made}
    calls = new(
        "builtins.map",
        student.cycle_discriminator_step,
        [judge.theirs],
        [judge.optimizers[0]],
        *images.values(),
    )
    number(new("builtins.next", calls))
    is_true(read(student, network, "0.weight.grad") is None)
    given = {"real": real, "fake": fake} | {which: twin(real if which == "real" else fake).detach()}
    oracle.cycle_discriminator_step(judge.twin, judge.optimizers[1], *given.values())
    judge.moved_alike()


@aspect("training")
@after(plain)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that earlier backward passes left in it"""
    judge = Judge(student, draw)
    judge.theirs(judge.batches()[0]).square().sum().backward()
    judge.both_step(*judge.batches())
    judge.moved_alike()


@aspect("training")
@after(plain)
def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    judge = Judge(student, draw, lr=0.02, momentum=0.9)
    for _ in range(3):
        judge.both_step(*judge.batches())
    judge.moved_alike()


@aspect("training")
@after(plain)
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm(student, draw, training):
    """uses a discriminator with batch norm in the mode that it is in, real and fake images in
    passes of their own
    """
    judge = Judge(student, draw, NORMED_JUDGE)
    for network in (judge.theirs, judge.twin):
        network.train(training)
    judge.both_step(*judge.batches())
    judge.moved_alike()
    is_true(read(student, judge.theirs, "training") is training)


@aspect("edges")
@after(plain)
def test_one_pass(student, draw):
    """runs once over each batch (the running statistics of batch norm tell)"""
    judge = Judge(student, draw, NORMED_JUDGE)
    real, fake = judge.batches()
    with torch.no_grad():
        judge.before(fake), judge.before(real)
    judge.both_step(real, fake)
    try:
        close(buffers_of(judge.theirs), buffers_of(judge.twin))
    except CheckFailed:
        close(buffers_of(judge.theirs), buffers_of(judge.before))


@aspect("edges")
@after(plain)
def test_partial_optimizer(student, draw):
    """changes only what the optimizer holds"""
    judge = Judge(student, draw)
    judge.optimizers = (
        student.new("torch.optim.SGD", judge.theirs[2].parameters(), lr=0.05),
        torch.optim.SGD(judge.twin[2].parameters(), lr=0.05),
    )
    judge.both_step(*judge.batches())
    judge.moved_alike()
    for path in ("0.weight", "2.weight"):
        is_true(read(student, judge.theirs, f"{path}.requires_grad") is True)


@aspect("edges")
@after(plain)
def test_steep_loss(student, draw):
    """steps along the whole gradient, however steep the loss is"""
    judge = Judge(student, draw, lr=1e-7)
    judge.both_step(*(500 * x for x in judge.batches()))
    judge.moved_alike()
    is_true(judge.moved())


@aspect("conventions")
@after(plain)
def test_detached(student, draw):
    """returns the loss without its graph"""
    judge = Judge(student, draw)
    value = judge.step(*judge.batches())
    number(value)
    is_true(no_graph(value))


@aspect("conventions")
@after(plain)
def test_inputs(student, draw):
    """leaves the images as they were"""
    judge = Judge(student, draw)
    value = judge.step(*judge.batches())
    inputs_unchanged(student)
    number(value)
