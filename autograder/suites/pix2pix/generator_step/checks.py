"""Hidden checks: one step of the generator on pairs."""

from autograder.checks import after, aspect, close, is_true, number
from autograder.suites.gan.player_steps import plain_step
from autograder.suites.gan.remote_networks import buffers_of
from autograder.suites.pix2pix.generator_step import oracle
from autograder.suites.pix2pix.stepping import PairGame, players_loss, step_checks

ASPECTS = {"training": 0.65, "values": 0.1, "edges": 0.15, "conventions": 0.1}

plain = plain_step(oracle.generator_step, PairGame)
globals().update(step_checks(oracle.generator_step))


@aspect("training")
@after(plain)
def test_without_discriminator(student, draw):
    """trains the generator alone if there is no discriminator, the loss getting None for logits"""
    game = PairGame(student, draw, oracle.generator_step)
    x, y = game.batches()
    given = []

    def loss(logits, y_hat, y):
        given.append(logits)
        return players_loss(None, y_hat, y)

    found = student.generator_step(game.generator, None, game.optimizers[0], x, y, loss)
    expected = oracle.generator_step(game.g, None, game.optimizers[1], x, y, players_loss)
    game.moved_alike()
    close([number(part) for part in found], [float(part) for part in expected])
    is_true(bool(given) and all(each is None for each in given))


@aspect("training")
@after(plain)
def test_through_the_discriminator(student, draw):
    """gets its gradient through the discriminator when the distance counts for nothing"""
    game = PairGame(student, draw, oracle.generator_step)

    def loss(logits, y_hat, y):
        judged = logits.square().mean() + logits.mean()
        return judged, judged, (y_hat - y).abs().mean()

    game.both_step(*game.batches(), loss=loss)
    game.moved_alike()


@aspect("edges")
@after(plain)
def test_one_pass(student, draw):
    """runs each network once (the running statistics of batch norm move once)"""
    game = PairGame(student, draw, oracle.generator_step, *PairGame.normed)
    game.both_step(*game.batches())
    for theirs, twin in game.pairs.values():
        close(buffers_of(theirs), buffers_of(twin))


@aspect("edges")
@after(plain)
def test_first_part_only(student, draw):
    """minimises the first part only, whatever the other two are"""
    game = PairGame(student, draw, oracle.generator_step)

    def loss(logits, y_hat, y):
        total, _, distance = players_loss(logits, y_hat, y)
        return total, 5 * distance, y_hat.square().sum()

    game.both_step(*game.batches(), loss=loss)
    game.moved_alike()
