"""Hidden checks: one step of the discriminator on pairs."""

import torch

from autograder.checks import CheckFailed, after, aspect, close, is_true, same
from autograder.suites.gan.player_steps import plain_step
from autograder.suites.gan.remote_networks import buffers_of, read
from autograder.suites.pix2pix.discriminator_step import oracle
from autograder.suites.pix2pix.stepping import PairGame, step_checks

ASPECTS = {"training": 0.65, "values": 0.1, "edges": 0.15, "conventions": 0.1}

plain = plain_step(oracle.discriminator_step, PairGame)
globals().update(step_checks(oracle.discriminator_step))


@aspect("training")
@after(plain)
def test_no_gradient_to_generator(student, draw):
    """sends no gradient to the generator, while the discriminator moves"""
    game = PairGame(student, draw, oracle.discriminator_step)
    game.step(*game.batches())
    for path in ("0.weight", "0.bias", "2.weight", "2.bias"):
        is_true(read(student, game.generator, f"{path}.grad") is None)
    is_true(game.moved())


@aspect("edges")
@after(plain)
def test_generator_gradient_kept(student, draw):
    """leaves a gradient that the generator has from its own step as it was"""
    game = PairGame(student, draw, oracle.discriminator_step)
    game.leave_gradients()
    before = read(student, game.generator, "0.weight.grad")
    game.step(*game.batches())
    same(read(student, game.generator, "0.weight.grad"), before)
    is_true(game.moved())


@aspect("edges")
@after(plain)
def test_one_pass(student, draw):
    """computes the fakes and each map of logits once (the running statistics of batch norm tell)"""
    game = PairGame(student, draw, oracle.discriminator_step, *PairGame.normed)
    x, y = game.batches()
    fakes_first = game.before["discriminator"]  # as good
    with torch.no_grad():
        fakes_first(x, game.before["generator"](x))
        fakes_first(x, y)
    game.both_step(x, y)
    close(buffers_of(game.generator), buffers_of(game.g))
    try:
        close(buffers_of(game.discriminator), buffers_of(game.d))
    except CheckFailed:
        close(buffers_of(game.discriminator), buffers_of(fakes_first))


@aspect("edges")
@after(plain)
def test_loss_of_the_library(student, draw):
    """works with a loss that is a module, and hands it real first and fake second"""
    game = PairGame(student, draw, oracle.discriminator_step)
    theirs, ours = student.new("torch.nn.PoissonNLLLoss"), torch.nn.PoissonNLLLoss()
    game.both_step(*game.batches(), loss=theirs, ours=ours)
    game.moved_alike()
