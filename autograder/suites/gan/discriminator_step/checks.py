"""Hidden checks: one step of the discriminator.

The networks live in the student's process; their twins, with the same weights, take the oracle's
step here.
"""

import torch

from autograder.checks import CheckFailed, after, aspect, close, is_true, same
from autograder.suites.gan.discriminator_step import oracle
from autograder.suites.gan.player_steps import D_NORMED, G_NORMED, Game, plain_step, step_checks
from autograder.suites.gan.remote_networks import buffers_of, read

ASPECTS = {"training": 0.65, "values": 0.1, "edges": 0.15, "conventions": 0.1}

plain = plain_step(oracle.discriminator_step)
globals().update(step_checks(oracle.discriminator_step))


@aspect("training")
@after(plain)
def test_no_gradient_to_generator(student, draw):
    """sends no gradient to the generator, while the discriminator moves"""
    game = Game(student, draw, oracle.discriminator_step)
    game.step(*game.batches())
    for path in ("0.weight", "0.bias", "2.weight", "2.bias"):
        is_true(read(student, game.generator, f"{path}.grad") is None)
    is_true(game.moved())


@aspect("edges")
@after(plain)
def test_generator_gradient_kept(student, draw):
    """leaves a gradient that the generator has from its own step as it was"""
    game = Game(student, draw, oracle.discriminator_step)
    game.leave_gradients()
    before = read(student, game.generator, "0.weight.grad")
    game.step(*game.batches())
    same(read(student, game.generator, "0.weight.grad"), before)
    is_true(game.moved())


@aspect("edges")
@after(plain)
def test_one_pass(student, draw):
    """runs each network once over each batch, real and fake images in passes of their own (the
    running statistics of batch norm tell)
    """
    game = Game(student, draw, oracle.discriminator_step, G_NORMED, D_NORMED)
    x, z = game.batches()
    fakes_first = game.before["discriminator"]
    with torch.no_grad():
        fakes_first(game.before["generator"](z))
        fakes_first(x)
    game.both_step(x, z)
    close(buffers_of(game.generator), buffers_of(game.g))
    try:
        close(buffers_of(game.discriminator), buffers_of(game.d))
    except CheckFailed:
        close(buffers_of(game.discriminator), buffers_of(fakes_first))


@aspect("edges")
@after(plain)
def test_unequal_batches(student, draw):
    """takes real and generated batches of different sizes"""
    for sizes in ((5, 9), (7, 1)):
        game = Game(student, draw, oracle.discriminator_step)
        game.both_step(*game.batches(*sizes))
        game.moved_alike()


@aspect("edges")
@after(plain)
def test_loss_of_the_library(student, draw):
    """works with a loss that is a module, and hands it real first and fake second"""
    game = Game(student, draw, oracle.discriminator_step)
    theirs, ours = student.new("torch.nn.PoissonNLLLoss"), torch.nn.PoissonNLLLoss()
    game.both_step(*game.batches(), loss=theirs, ours=ours)
    game.moved_alike()
