"""Hidden checks: the value of the conditional game."""

import pytest

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.pix2pix.best_discriminator import oracle as best_discriminator_oracle
from autograder.suites.pix2pix.conditional_value import oracle
from autograder.suites.pix2pix.games import game

ASPECTS = {"values": 0.5, "gradients": 0.2, "edges": 0.2, "conventions": 0.1}


def uncertain(draw, n=4, m=5):
    """A discriminator that is sure of nothing."""
    return draw.uniform(n, m, low=0.05, high=0.95)


def agree(student, *given):
    close(student.conditional_value(*given), oracle.conditional_value(*given))


@pytest.mark.parametrize(("n", "m"), [(4, 5), (3, 7), (6, 2)])
def test_values(student, draw, n, m):
    """is right for any discriminator, the best or not"""
    agree(student, *game(draw, n, m), uncertain(draw, n, m))


@after(test_values)
def test_square(student, draw):
    """takes sources for rows and targets for columns, where there are as many of both"""
    agree(student, *game(draw, 4, 4), uncertain(draw, 4, 4))


@after(test_values)
def test_at_the_optimum(student, draw):
    """is right at the best discriminator, where zeros make it certain"""
    given = game(draw, real=((0, 1), (2, 2)), fake=((0, 3), (3, 0)))
    for sees_x in (True, False):
        agree(student, *given, best_discriminator_oracle.best_discriminator(*given, sees_x))


@after(test_values)
def test_sources_weighed(student, draw):
    """weighs each source with its probability"""
    p_x, p_data, p_g = game(draw)
    d = uncertain(draw)
    d[1] = 0.01
    for share in (0.0, 0.01, 0.97):
        weighed = (1 - share) * p_x
        weighed[1] += share
        agree(student, weighed, p_data, p_g, d)


@aspect("edges", spoils=True)
@after(test_values)
def test_zero_log_zero(student, draw):
    """counts 0 log 0 as 0, where real, fake or both have no mass"""
    given = game(draw, real=((0, 1), (2, 2)), fake=((0, 3), (2, 2)))
    for end in (0.0, 1.0):
        d = uncertain(draw)
        d[0, 1], d[0, 3], d[2, 2] = 0.0, 1.0, end
        agree(student, *given, d)


@aspect("edges")
@after(test_values)
def test_source_that_never_comes(student, draw):
    """counts nothing for a source of probability 0, whatever the discriminator says there"""
    given = game(draw, sources=(1,))
    for end in (0.0, 1.0):
        d = uncertain(draw)
        d[1] = end
        agree(student, *given, d)


@aspect("edges")
@after(test_values)
def test_certain_and_wrong(student, draw):
    """is minus infinity where the discriminator is certain and wrong"""
    given = game(draw)
    for end in (0.0, 1.0):
        d = uncertain(draw)
        d[2, 1] = end
        agree(student, *given, d)


@aspect("edges")
@after(test_values)
def test_one_of_each(student, draw):
    """works for a single source and for a single target"""
    for n, m in ((1, 4), (3, 1), (1, 1)):
        agree(student, *game(draw, n, m), uncertain(draw, n, m))


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradients to all distributions and to the discriminator"""
    same_gradients(
        student.conditional_value, oracle.conditional_value, *game(draw), uncertain(draw)
    )


globals().update(
    usual_checks(oracle.conditional_value, lambda draw: (*game(draw), uncertain(draw)))
)
