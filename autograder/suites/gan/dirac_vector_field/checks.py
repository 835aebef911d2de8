"""Hidden checks: the directions of gradient descent of both players of the Dirac-GAN."""

import pytest
import torch

from autograder.checks import after, aspect, close, refuses, same_gradients, usual_checks
from autograder.suites.gan.dirac_vector_field import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

PENALISED = ["wgan-gp", "r1"]
PLAIN = ["minimax", "nonsaturating", "wgan"]
KINDS = [*PLAIN, *PENALISED]
each_kind = pytest.mark.parametrize("kind", KINDS)


def away(draw, *shape, low=0.2, high=2.0):
    """Numbers of both signs whose size is low..high: phi = 0, where wgan-gp has a kink, is not
    among them.
    """
    return draw.uniform(*shape, low=low, high=high) * (2 * draw.integers(0, 2, *shape) - 1)


def agree(student, *given, **tolerance):
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given), **tolerance)


def gammas(kind, gamma=0.6):
    return (gamma,) if kind in PENALISED else ()


@each_kind
def test_values(student, draw, kind):
    """gives the right directions for each kind of game, where D is sure of itself too"""
    theta = torch.cat([away(draw, 30), away(draw, 15, low=2, high=3)])
    phi = torch.cat([away(draw, 30), away(draw, 15, low=2, high=3)])
    agree(student, theta, phi, kind, *gammas(kind))


@pytest.mark.parametrize("kind", PENALISED)
def test_penalty(student, draw, kind):
    """weighs the penalty of wgan-gp and r1 rightly, for steep and for flat D of both signs"""
    phi = torch.cat([away(draw, 8, low=0.1, high=0.9), away(draw, 8, low=1.2, high=3.0)])
    for gamma in (0.1, 2.5):
        agree(student, away(draw, 16), phi, kind, gamma)


def in_order(student, draw):
    """Fails for an answer that gets an ordinary point of any game wrong."""
    for kind in KINDS:
        agree(student, away(draw, 9), away(draw, 9), kind, *gammas(kind))


@aspect("gradients")
@each_kind
def test_gradients(student, draw, kind):
    """can be differentiated in theta and phi, at the equilibrium too"""
    theta, phi = away(draw, 6), away(draw, 6)
    if kind != "wgan-gp":  # whose field jumps there
        theta[2:4], phi[3:5] = 0.0, 0.0
    same_gradients(
        lambda theta, phi: torch.stack(
            [*student.dirac_vector_field(theta, phi, kind, *gammas(kind))]
        ),
        lambda theta, phi: torch.stack(
            [*oracle.dirac_vector_field(theta, phi, kind, *gammas(kind))]
        ),
        theta,
        phi,
    )


@aspect("edges")
def test_penalty_of_one_player(student, draw):
    """lets the penalty act on D alone"""
    theta, phi = away(draw, 6), away(draw, 6)
    for kind in PENALISED:
        theta_dot = student.dirac_vector_field(theta, phi, kind, 3.0)[0]
        close(theta_dot, oracle.dirac_vector_field(theta, phi, kind, 0.0)[0])


@aspect("edges")
def test_no_penalty(student, draw):
    """ignores gamma in the kinds that have no penalty"""
    for kind in PLAIN:
        agree(student, away(draw, 6), away(draw, 6), kind, 1.7)


@aspect("edges")
@after(in_order)
def test_gamma(student, draw):
    """has no penalty when gamma is left out or 0, and takes whole numbers and names"""
    theta, phi = away(draw, 6), away(draw, 6)
    for kind, plain in (("wgan-gp", "wgan"), ("r1", "nonsaturating")):
        expected = oracle.dirac_vector_field(theta, phi, plain)
        close(student.dirac_vector_field(theta, phi, kind), expected)
        close(student.dirac_vector_field(theta, phi, kind, 0), expected)
        named = student.dirac_vector_field(theta=theta, phi=phi, kind=kind, gamma=3)
        close(named, oracle.dirac_vector_field(theta, phi, kind, 3.0))


@aspect("edges")
@after(in_order)
def test_flat_discriminator(student, draw):
    """takes the penalty of wgan-gp to pull nowhere where phi is 0, at the equilibrium too"""
    theta, phi = away(draw, 6), away(draw, 6)
    theta[1], phi[:3] = 0.0, 0.0
    agree(student, theta, phi, "wgan-gp", 0.7)


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "r1"])
def test_extreme_logits(student, draw, kind, dtype):
    """stays finite and exact for logits of a hundred and ten thousand"""
    theta = torch.tensor([10.0, 10.0, -0.5, 2.0, 100.0, -100.0], dtype=dtype)
    phi = torch.tensor([10.0, -10.0, 200.0, -50.0, 100.0, 100.0], dtype=dtype)
    phi = phi * draw.uniform(6, low=0.9, high=1.1, dtype=dtype)
    agree(student, theta, phi, kind, *gammas(kind))


@aspect("edges")
@after(in_order)
def test_equilibrium(student, draw):
    """is zero at the equilibrium, and right next to it"""
    theta, phi = 1e-3 * draw.normal(5), 1e-3 * draw.normal(5)
    theta[0], phi[0] = 0.0, 0.0
    for kind in (*PLAIN, "r1"):
        agree(student, theta, phi, kind, *gammas(kind), atol=1e-9)


@aspect("edges")
@after(in_order)
@pytest.mark.parametrize("shape", [(), (1,), (3, 1), (2, 3, 2)])
def test_shapes(student, draw, shape):
    """treats every point on its own, in tensors of any shape"""
    for kind in KINDS:
        agree(student, away(draw, *shape), away(draw, *shape), kind, *gammas(kind))


@aspect("edges")
def test_unknown_kind(student, draw):
    """refuses a kind that it does not know with a ValueError"""
    for kind in ("hinge", "r2", ""):
        refuses(student.dirac_vector_field, away(draw, 3), away(draw, 3), kind)


def games(draw):
    """Points for each kind of game."""
    for kind in KINDS:
        yield away(draw, 4), away(draw, 4), kind, *gammas(kind)


globals().update(usual_checks(oracle.dirac_vector_field, games))
