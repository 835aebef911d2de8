"""Hidden checks: one step of both maps."""

import pytest

from autograder.checks import after, aspect, close, inputs_unchanged, is_true, number
from autograder.suites.pix2pix.cycle_generator_step import oracle
from autograder.suites.pix2pix.cycle_players import (
    JUDGE,
    MAP,
    NORMED_JUDGE,
    NORMED_MAP,
    Players,
    players_loss,
)
from autograder.suites.pix2pix.two_domains import no_graph, parts

ASPECTS = {"training": 0.6, "values": 0.15, "edges": 0.15, "conventions": 0.1}

ours = oracle.cycle_generator_step


def plain(student, draw):
    players = Players(student, draw)
    players.both_step(ours, *players.batches())
    players.moved_alike()


@aspect("training")
@pytest.mark.parametrize("sizes", [(5, 4), (1, 1)])
def test_step(student, draw, sizes):
    """moves both maps by one step down the loss, for batches of different sizes and of one image"""
    players = Players(student, draw)
    players.both_step(ours, *players.batches(*sizes))
    players.moved_alike()


@aspect("training")
@after(plain)
def test_identity(student, draw):
    """hands the loss what the maps do to images of their target domains, if asked for"""
    players = Players(student, draw)
    players.both_step(ours, *players.batches(), identity=True)
    players.moved_alike()


@aspect("training")
@after(plain)
def test_domains_differ(student, draw):
    """takes domains whose images differ in shape, without the identity loss"""
    to_b = [("Conv2d", 1, 3, 1), ("Tanh",), ("Conv2d", 3, 2, 1)]
    to_a = [("Conv2d", 2, 3, 1), ("Tanh",), ("Conv2d", 3, 1, 1)]
    judge_b = [("Flatten",), ("Linear", 12, 1), ("Flatten", 0)]
    players = Players(student, draw, to_b, JUDGE, to_a, judge_b)
    a, b = draw.normal(3, 1, 2, 3), draw.normal(2, 2, 2, 3)
    players.both_step(ours, a, b)
    players.moved_alike()


def test_value(student, draw):
    """returns the loss as it was before the step"""
    players = Players(student, draw)
    theirs, expected = players.both_step(ours, *players.batches())
    close(number(parts(theirs, 3)[0]), float(expected[0]))


@aspect("training", spoils=True)
@after(plain)
def test_translations(student, draw):
    """returns F(b) and G(a) as they were before the step"""
    players = Players(student, draw)
    for identity in (False, True):
        theirs, expected = players.both_step(ours, *players.batches(), identity=identity)
        close(parts(theirs, 3)[1:], list(expected[1:]))


@after(plain)
@aspect("conventions")
def test_detached(student, draw):
    """returns the loss and the translations without their graph"""
    players = Players(student, draw)
    found = parts(players.step(*players.batches()), 3)
    number(found[0])
    is_true(all(no_graph(value) for value in found))


@aspect("training")
@after(plain)
def test_judges_stay(student, draw):
    """moves both maps and leaves the discriminators' parameters as they were"""
    players = Players(student, draw)
    players.leave_gradients()
    players.step(*players.batches())
    players.judges_stay()


@aspect("training")
@after(plain)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that earlier backward passes left in the networks"""
    players = Players(student, draw)
    players.leave_gradients()
    players.both_step(ours, *players.batches())
    players.moved_alike()


@aspect("training")
@after(plain)
def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    players = Players(student, draw, lr=0.02, momentum=0.9)
    for _ in range(3):
        players.both_step(ours, *players.batches())
    players.moved_alike()


@aspect("training")
@after(plain)
@pytest.mark.parametrize(
    ("layers", "training"),
    [((NORMED_MAP, JUDGE), True), ((MAP, NORMED_JUDGE), True), ((NORMED_MAP, NORMED_JUDGE), False)],
)
def test_batch_norm(student, draw, layers, training):
    """uses networks with batch norm in the mode that they are in, each batch in its own pass"""
    players = Players(student, draw, *layers)
    for pair in players.pairs.values():
        for network in pair:
            network.train(training)
    players.both_step(ours, *players.batches(), identity=True)
    players.moved_alike()
    is_true(all(mode is training for mode in players.all_read("training")))


@after(plain)
@aspect("training")
def test_trainable_afterwards(student, draw):
    """leaves all parameters of all networks ready for gradients"""
    players = Players(student, draw)
    players.step(*players.batches())
    for path in ("0.weight", "0.bias", "2.weight", "2.bias"):
        is_true(all(players.all_read(f"{path}.requires_grad")))


@after(plain)
@aspect("edges")
def test_frozen(student, draw):
    """leaves frozen parameters of the discriminators frozen"""
    players = Players(student, draw)
    for name in ("D_A", "D_B"):
        for network in players.pairs[name]:
            network[0].requires_grad_(False)
    players.both_step(ours, *players.batches())
    players.moved_alike()
    is_true(players.all_read("0.weight.requires_grad") == [True, True, False, False])
    is_true(all(players.all_read("2.weight.requires_grad")))


@after(plain)
@aspect("edges")
def test_partial_optimizer(student, draw):
    """changes only what the optimizer holds"""
    players = Players(student, draw)
    players.optimizers = players.sgd(lambda network: network[2].parameters())
    players.both_step(ours, *players.batches())
    players.moved_alike()


@after(plain)
@aspect("edges")
def test_steep_loss(student, draw):
    """steps along the whole gradient, however steep the loss is"""
    players = Players(student, draw, lr=5e-6)
    players.both_step(ours, *players.batches(), loss=lambda *given: 1e4 * players_loss(*given))
    players.moved_alike()


@after(plain)
@aspect("edges")
@pytest.mark.parametrize("identity", [False, True])
def test_one_pass(student, draw, identity):
    """runs each network once over each batch that it needs"""
    players = Players(student, draw, NORMED_MAP, NORMED_JUDGE)
    players.step(*players.batches(), identity=identity)
    runs = [players.passes(name) for name in players.NAMES]
    is_true(runs == ([3, 3, 1, 1] if identity else [2, 2, 1, 1]))


@after(plain)
@aspect("edges")
def test_arguments_of_the_loss(student, draw):
    """calls the loss with eight arguments as they are, in shape too"""
    players = Players(student, draw)
    seen = []

    def loss(*given):
        seen.append([None if x is None else tuple(x.shape) for x in given])
        return players_loss(*given)

    players.step(*players.batches(1, 2), loss=loss)
    image, outputs = (1, 2, 3), (1, 1, 2)
    expected = [(2, *outputs), (1, *outputs), *[(1, *image), (2, *image)] * 2, None, None]
    is_true(bool(seen) and all(shapes == expected for shapes in seen))


@after(plain)
@aspect("conventions")
def test_inputs(student, draw):
    """leaves the images as they were"""
    players = Players(student, draw)
    found = players.step(*players.batches(), identity=True)
    inputs_unchanged(student)
    number(parts(found, 3)[0])
