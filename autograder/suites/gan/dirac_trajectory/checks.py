"""Hidden checks: the path of gradient descent of both players of the Dirac-GAN."""

import pytest
import torch

from autograder.checks import close, same, usual_checks, weight
from autograder.suites.gan.dirac_trajectory import oracle

KINDS = ["minimax", "nonsaturating", "wgan", "wgan-gp", "r1"]


def start(draw, low=0.4, high=1.6):
    """A point in one of the four quadrants, as two 0-d tensors."""
    point = draw.uniform(2, low=low, high=high) * (2 * draw.integers(0, 2, 2) - 1)
    return point[0].clone(), point[1].clone()


def agree(student, *given, **options):
    close(student.dirac_trajectory(*given, **options), oracle.dirac_trajectory(*given, **options))


@pytest.mark.parametrize("kind", KINDS)
def test_simultaneous(student, draw, kind):
    """moves both players from the same point when they play simultaneously"""
    agree(student, *start(draw), kind, 0.23, 12, 0.4)


@pytest.mark.parametrize("kind", KINDS)
def test_alternating(student, draw, kind):
    """moves phi first, then theta with the new phi, when they alternate"""
    agree(student, *start(draw), kind, 0.23, 12, 0.4, True)


@pytest.mark.parametrize("kind", KINDS)
def test_n_critic(student, draw, kind):
    """gives phi its n_critic moves in each round when they alternate"""
    for n_critic in (2, 5):
        agree(student, *start(draw), kind, 0.11, 12, 0.4, alternating=True, n_critic=n_critic)


@weight(2)
def test_n_critic_ignored(student, draw):
    """gives each player one move in a simultaneous round, whatever n_critic"""
    agree(student, *start(draw), "nonsaturating", 0.3, 8, n_critic=4)


@weight(3)
@pytest.mark.parametrize("alternating", [False, True])
def test_clip(student, draw, alternating):
    """clips phi, and nothing else, after its moves"""
    agree(student, *start(draw, low=1, high=2), "wgan", 0.2, 40, alternating=alternating, clip=0.6)
    agree(
        student, *start(draw, low=1, high=2), "r1", 0.3, 20, 0.2, alternating=alternating, clip=0.35
    )


@weight(3)
def test_clip_in_the_round(student, draw):
    """clips phi after each of its moves, not once in a round"""
    theta = draw.uniform(1, low=0.8, high=1.5)[0]
    phi = draw.uniform(1, low=2.0, high=3.0)[0]
    for sign in (1, -1):
        agree(
            student,
            sign * theta,
            sign * phi,
            "wgan",
            0.1,
            6,
            alternating=True,
            n_critic=4,
            clip=0.9,
        )


@weight(2)
def test_clip_of_start(student, draw):
    """takes the start as it is, clipping or not"""
    theta, phi = draw.normal(1)[0], draw.uniform(1, low=2.0, high=3.0)[0]
    for alternating in (False, True):
        agree(student, theta, phi, "nonsaturating", 0.2, 3, alternating=alternating, clip=0.5)
        agree(student, theta, phi, "nonsaturating", 0.2, 0, alternating=alternating, clip=0.5)


def test_no_rounds(student, draw):
    """is the start alone when there are no rounds"""
    theta, phi = start(draw)
    for alternating in (False, True):
        path = student.dirac_trajectory(theta, phi, "minimax", 0.2, 0, alternating=alternating)
        same(path, torch.stack([theta, phi])[None])


@pytest.mark.parametrize("alternating", [False, True])
def test_penalty(student, draw, alternating):
    """hands gamma on to the game"""
    for gamma in (0.0, 0.2, 3.0):
        agree(student, *start(draw), "r1", 0.15, 6, gamma, alternating)
        agree(student, *start(draw), "wgan-gp", 0.05, 6, gamma, alternating)


@pytest.mark.parametrize("alternating", [False, True])
def test_floats(student, draw, alternating):
    """takes Python floats as its start"""
    theta, phi = (float(value) for value in start(draw))
    given = theta, phi, "nonsaturating", 0.2, 10
    close(
        student.dirac_trajectory(*given, alternating=alternating),
        oracle.dirac_trajectory(*given, alternating=alternating),
        atol=1e-5,
    )


@pytest.mark.parametrize("alternating", [False, True])
def test_long(student, draw, alternating):
    """is still right after many rounds"""
    agree(student, *start(draw), "minimax", 0.1, 150, alternating=alternating)
    agree(student, *start(draw), "r1", 0.1, 150, 0.7, alternating)


def starts(draw):
    """Short paths, of both ways to take turns."""
    for alternating in (False, True):
        yield *start(draw), "nonsaturating", 0.2, 4, 0.0, alternating


globals().update(usual_checks(oracle.dirac_trajectory, starts, weights={"inputs": 1.5}, rtol=1e-9))
