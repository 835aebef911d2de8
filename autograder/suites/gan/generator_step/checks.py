"""Hidden checks: one step of the generator.

The networks live in the student's process; their twins, with the same weights, take the oracle's
step here.
"""

from autograder.checks import after, aspect, close
from autograder.suites.gan.generator_step import oracle
from autograder.suites.gan.player_steps import D_NORMED, G_NORMED, Game, plain_step, step_checks
from autograder.suites.gan.remote_networks import buffers_of

ASPECTS = {"training": 0.65, "values": 0.1, "edges": 0.15, "conventions": 0.1}

plain = plain_step(oracle.generator_step)
globals().update(step_checks(oracle.generator_step))


@aspect("edges")
@after(plain)
def test_one_pass(student, draw):
    """runs each network once (the running statistics of batch norm move once)"""
    game = Game(student, draw, oracle.generator_step, G_NORMED, D_NORMED)
    game.both_step(*game.batches())
    for theirs, twin in game.pairs.values():
        close(buffers_of(theirs), buffers_of(twin))


@aspect("edges")
@after(plain)
def test_loss_of_the_library(student, draw):
    """works with a loss that is no plain function"""
    game = Game(student, draw, oracle.generator_step)
    mean = student.new("operator.methodcaller", "mean")
    game.both_step(*game.batches(), loss=mean, ours=lambda outputs: outputs.mean())
    game.moved_alike()
