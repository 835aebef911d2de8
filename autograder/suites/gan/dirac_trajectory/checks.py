"""Hidden checks: the path of gradient descent of both players of the Dirac-GAN.

Few rounds: each asks for the field, often the reference's in place of the student's own.
"""

import pytest
import torch

from autograder.checks import after, aspect, close, same, usual_checks
from autograder.suites.gan.dirac_trajectory import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}

KINDS = ["minimax", "nonsaturating", "wgan", "wgan-gp", "r1"]
both_ways = pytest.mark.parametrize("alternating", [False, True])


def start(draw, low=0.4, high=1.6):
    """A point in one of the four quadrants, as two 0-d tensors."""
    point = draw.uniform(2, low=low, high=high) * (2 * draw.integers(0, 2, 2) - 1)
    return point[0].clone(), point[1].clone()


def agree(student, *given, **options):
    close(student.dirac_trajectory(*given, **options), oracle.dirac_trajectory(*given, **options))


def test_simultaneous(student, draw):
    """moves both players from the same point when they play simultaneously"""
    for kind in KINDS:
        agree(student, *start(draw), kind, 0.23, 3, 0.4)


def test_alternating(student, draw):
    """moves phi first, then theta with the new phi, when they alternate"""
    for kind in KINDS:
        agree(student, *start(draw), kind, 0.23, 3, 0.4, True)


def in_order(student, draw):
    """Fails for an answer that plays either kind of round wrongly."""
    for alternating in (False, True):
        agree(student, *start(draw), "r1", 0.2, 4, 0.4, alternating)


@pytest.mark.parametrize("n_critic", [2, 5])
def test_n_critic(student, draw, n_critic):
    """gives phi its n_critic moves in each round when they alternate"""
    agree(student, *start(draw), "r1", 0.11, 4, 0.4, alternating=True, n_critic=n_critic)


@both_ways
def test_penalty(student, draw, alternating):
    """hands gamma on to the game"""
    for kind, step_size in (("r1", 0.15), ("wgan-gp", 0.05)):
        for gamma in (0.0, 3.0):
            agree(student, *start(draw), kind, step_size, 2, gamma, alternating)


@both_ways
def test_clip(student, draw, alternating):
    """clips phi, and nothing else, after its moves"""
    for kind, clip in (("wgan", 0.6), ("r1", 0.35)):
        given = *start(draw, low=1, high=2), kind, 0.3, 8, 0.2
        agree(student, *given, alternating=alternating, clip=clip)


@pytest.mark.parametrize("sign", [1, -1])
def test_clip_in_the_round(student, draw, sign):
    """clips phi after each of its moves, not once in a round"""
    theta = sign * draw.uniform(1, low=0.8, high=1.5)[0]
    phi = sign * draw.uniform(1, low=2.0, high=3.0)[0]
    agree(student, theta, phi, "wgan", 0.1, 5, alternating=True, n_critic=4, clip=0.9)


@both_ways
@after(in_order)
def test_close(student, draw, alternating):
    """plays on where both players are close to the equilibrium"""
    for kind in ("nonsaturating", "r1"):
        near = start(draw, low=0.02, high=0.1)
        given = *near, kind, 0.2, 4, 0.4, alternating
        path = student.dirac_trajectory(*given)
        close(path, oracle.dirac_trajectory(*given), atol=1e-8)


@both_ways
@after(in_order)
def test_long(student, draw, alternating):
    """is still right after many rounds"""
    agree(student, *start(draw), "minimax", 0.1, 30, alternating=alternating)


@aspect("edges")
@after(in_order)
def test_n_critic_ignored(student, draw):
    """gives each player one move in a simultaneous round, whatever n_critic"""
    agree(student, *start(draw), "nonsaturating", 0.3, 5, n_critic=4)


@aspect("edges")
@both_ways
@after(in_order)
def test_clip_of_zero(student, draw, alternating):
    """holds phi at 0 after its first move for a clip of 0"""
    for clip in (0.0, 0):
        agree(student, *start(draw), "r1", 0.2, 3, 0.3, alternating=alternating, clip=clip)


@aspect("edges")
@both_ways
@after(in_order)
def test_clip_of_start(student, draw, alternating):
    """takes the start as it is, clipping or not"""
    theta, phi = draw.normal(1)[0], draw.uniform(1, low=2.0, high=3.0)[0]
    for n_steps in (0, 3):
        given = theta, phi, "nonsaturating", 0.2, n_steps
        agree(student, *given, alternating=alternating, clip=0.5)


@aspect("edges")
@both_ways
@after(in_order)
def test_never_clipped(student, draw, alternating):
    """lets phi and theta go as far as they like without a clip"""
    theta, phi = start(draw, low=20, high=90)
    agree(student, theta, phi, "wgan", 0.5, 4, alternating=alternating)


@aspect("edges")
@both_ways
def test_no_rounds(student, draw, alternating):
    """is the start alone when there are no rounds"""
    theta, phi = start(draw)
    path = student.dirac_trajectory(theta, phi, "minimax", 0.2, 0, alternating=alternating)
    same(path, torch.stack([theta, phi])[None])


@aspect("edges")
@both_ways
@after(in_order)
def test_equilibrium(student, draw, alternating):
    """stays at the equilibrium, and takes a start on an axis"""
    nothing = torch.zeros((), dtype=torch.float64)
    theta, phi = start(draw)
    for point in ((nothing, nothing), (nothing, phi), (theta, nothing)):
        agree(student, *point, "r1", 0.2, 3, 0.5, alternating)


@aspect("conventions")
@both_ways
@after(in_order)
def test_floats(student, draw, alternating):
    """takes Python floats as its start"""
    given = *(float(value) for value in start(draw)), "nonsaturating", 0.2, 5
    close(
        student.dirac_trajectory(*given, alternating=alternating),
        oracle.dirac_trajectory(*given, alternating=alternating),
        atol=1e-5,
    )


def all_options(student, draw):
    """Fails for an answer that is wrong when all options are used together."""
    agree(student, *start(draw), "r1", 0.2, 3, 0.3, True, 2, 0.5)


@aspect("conventions")
@after(all_options)
def test_names(student, draw):
    """takes its arguments by their names"""
    theta, phi = start(draw)
    options = {"gamma": 0.3, "alternating": True, "n_critic": 2, "clip": 0.5}
    given = {"theta": theta, "phi": phi, "kind": "r1", "step_size": 0.2, "n_steps": 3, **options}
    agree(student, **given)


def starts(draw):
    """Short paths, of both ways to take turns."""
    for alternating in (False, True):
        yield *start(draw), "nonsaturating", 0.2, 2, 0.0, alternating


globals().update(usual_checks(oracle.dirac_trajectory, starts))
