"""Hidden checks: the best discriminator, with and without the source."""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, same_gradients, usual_checks
from autograder.suites.pix2pix.best_discriminator import oracle
from autograder.suites.pix2pix.conditional_value import oracle as value_oracle
from autograder.suites.pix2pix.games import game

ASPECTS = {"values": 0.5, "gradients": 0.2, "edges": 0.2, "conventions": 0.1}

SEES = pytest.mark.parametrize("sees_x", [True, False])


def agree(student, *given):
    close(student.best_discriminator(*given), oracle.best_discriminator(*given))


@SEES
@pytest.mark.parametrize(("n", "m"), [(4, 5), (3, 3)])
def test_values(student, draw, sees_x, n, m):
    """is right with and without the source"""
    agree(student, *game(draw, n, m), sees_x)


@after(test_values)
def test_default(student, draw):
    """sees the source unless told otherwise"""
    agree(student, *game(draw))


@after(test_values)
@SEES
def test_is_best(student, draw, sees_x):
    """gives the game a value that no other discriminator of its kind beats"""
    given = game(draw)
    d = torch.as_tensor(student.best_discriminator(*given, sees_x))
    best = float(value_oracle.conditional_value(*given, d))
    for _ in range(4):
        step = 0.02 * draw.normal(*(d.shape if sees_x else d.shape[1:]))
        other = (d + step).clamp(0.001, 0.999)
        is_true(float(value_oracle.conditional_value(*given, other)) < best + 1e-12)


@after(test_values)
def test_rare_sources(student, draw):
    """weighs the sources without the source, and does not with it"""
    p_x, p_data, p_g = game(draw)
    weighed = 0.03 * p_x
    weighed[2] += 0.97
    for sees_x in (True, False):
        agree(student, weighed, p_data, p_g, sees_x)


@after(test_values)
def test_wrong_person(student, draw):
    """cannot tell a generator that permutes the targets of sources that are equally likely"""
    _, p_data, _ = game(draw)
    p_x = torch.full((4,), 0.25, dtype=torch.float64)
    given = p_x, p_data, p_data.roll(1, 0)
    for sees_x in (True, False):
        agree(student, *given, sees_x)


@aspect("edges", spoils=True)
@after(test_values)
@SEES
def test_zeros(student, draw, sees_x):
    """is certain where only real or only fake pairs occur, and undecided where neither does"""
    column = tuple((i, 3) for i in range(4))
    given = game(
        draw, real=((0, 1), (2, 2), (1, 0), *column), fake=((0, 1), (1, 2), (3, 0), *column)
    )
    agree(student, *given, sees_x)


@aspect("edges")
@after(test_values)
@SEES
def test_source_that_never_comes(student, draw, sees_x):
    """is undecided for a source of probability 0 if it sees the source"""
    agree(student, *game(draw, sources=(1, 3)), sees_x)


@aspect("edges")
@after(test_values)
@SEES
def test_one_of_each(student, draw, sees_x):
    """works for a single source and for a single target"""
    for n, m in ((1, 4), (3, 1), (1, 1)):
        agree(student, *game(draw, n, m), sees_x)


@aspect("edges")
@after(test_values)
@SEES
def test_small_probabilities(student, draw, sees_x):
    """is exact where both probabilities are very small"""
    p_x, p_data, p_g = game(draw)
    p_data[:, 0], p_g[:, 0] = 1e-12 * p_data[:, 0], 2e-12 * p_g[:, 0]
    agree(student, p_x, p_data, p_g, sees_x)


@aspect("gradients")
@after(test_values)
@SEES
def test_gradients(student, draw, sees_x):
    """sends the right gradients to all distributions"""
    same_gradients(
        lambda p_x, p_data, p_g: student.best_discriminator(p_x, p_data, p_g, sees_x),
        lambda p_x, p_data, p_g: oracle.best_discriminator(p_x, p_data, p_g, sees_x),
        *game(draw),
    )


def examples(draw):
    yield (*game(draw), True)
    yield (*game(draw), False)


globals().update(usual_checks(oracle.best_discriminator, examples))
