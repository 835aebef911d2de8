"""Hidden checks: the directions of gradient descent of both players of the Dirac-GAN."""

import pytest
import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.errors import StudentError
from autograder.suites.gan.dirac_vector_field import oracle

KINDS = ["minimax", "nonsaturating", "wgan", "wgan-gp", "r1"]


def away(draw, *shape, low=0.2, high=2.0):
    """Numbers of both signs whose size is low..high: phi = 0, where wgan-gp has a kink, is not
    among them.
    """
    return draw.uniform(*shape, low=low, high=high) * (2 * draw.integers(0, 2, *shape) - 1)


@weight(2)
@pytest.mark.parametrize("kind", KINDS)
def test_values(student, draw, kind):
    """gives the right directions for each kind of game"""
    given = away(draw, 40), away(draw, 40), kind, 0.6
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given))


@weight(2)
@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "r1"])
def test_sure_discriminator(student, draw, kind):
    """is right where D is sure of itself, rightly or wrongly"""
    phi = away(draw, 20, low=2, high=3)
    given = away(draw, 20, low=2, high=3), phi, kind
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given))


@pytest.mark.parametrize("kind", ["wgan-gp", "r1"])
@pytest.mark.parametrize("gamma", [0.1, 2.5])
def test_penalty(student, draw, kind, gamma):
    """weighs the penalty of wgan-gp and r1 rightly, for steep and for flat D of both signs"""
    phi = torch.cat([away(draw, 8, low=0.1, high=0.9), away(draw, 8, low=1.2, high=3.0)])
    given = away(draw, 16), phi, kind, gamma
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given))


def test_penalty_of_one_player(student, draw):
    """lets the penalty act on D alone"""
    theta, phi = away(draw, 6), away(draw, 6)
    for kind in ("wgan-gp", "r1"):
        theta_dot = student.dirac_vector_field(theta, phi, kind, 3.0)[0]
        close(theta_dot, oracle.dirac_vector_field(theta, phi, kind, 0.0)[0])


@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "wgan"])
def test_no_penalty(student, draw, kind):
    """ignores gamma in the kinds that have no penalty"""
    given = away(draw, 6), away(draw, 6), kind
    close(student.dirac_vector_field(*given, 1.7), oracle.dirac_vector_field(*given))


def test_default(student, draw):
    """has no penalty when gamma is left out"""
    theta, phi = away(draw, 6), away(draw, 6)
    for kind, plain in (("wgan-gp", "wgan"), ("r1", "nonsaturating")):
        close(
            student.dirac_vector_field(theta, phi, kind),
            oracle.dirac_vector_field(theta, phi, plain),
        )


@weight(2)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "r1"])
def test_extreme_logits(student, draw, kind, dtype):
    """stays finite and exact for logits of a hundred and ten thousand"""
    theta = torch.tensor([10.0, 10.0, -0.5, 2.0, 100.0, -100.0], dtype=dtype)
    phi = torch.tensor([10.0, -10.0, 200.0, -50.0, 100.0, 100.0], dtype=dtype) * draw.uniform(
        6, low=0.9, high=1.1, dtype=dtype
    )
    given = theta, phi, kind, 0.4
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given))


@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "wgan", "r1"])
def test_equilibrium(student, draw, kind):
    """is zero at the equilibrium, and right next to it"""
    theta, phi = 1e-3 * draw.normal(5), 1e-3 * draw.normal(5)
    theta[0], phi[0] = 0.0, 0.0
    given = theta, phi, kind, 0.8
    close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given), atol=1e-9)


@pytest.mark.parametrize("shape", [(), (1,), (4, 3), (2, 3, 2)])
def test_shapes(student, draw, shape):
    """treats every point on its own, in tensors of any shape"""
    for kind in KINDS:
        given = away(draw, *shape), away(draw, *shape), kind, 0.6
        close(student.dirac_vector_field(*given), oracle.dirac_vector_field(*given))


@pytest.mark.parametrize("kind", KINDS)
def test_gradients(student, draw, kind):
    """can be differentiated in theta and phi"""
    same_gradients(
        lambda theta, phi: torch.stack([*student.dirac_vector_field(theta, phi, kind, 0.6)]),
        lambda theta, phi: torch.stack([*oracle.dirac_vector_field(theta, phi, kind, 0.6)]),
        away(draw, 5),
        away(draw, 5),
    )


def test_unknown_kind(student, draw):
    """refuses a kind that it does not know"""
    refused = False
    try:
        student.dirac_vector_field(away(draw, 3), away(draw, 3), "hinge")
    except StudentError as error:
        if error.kind != "ValueError":
            raise
        refused = True
    is_true(refused)


def games(draw):
    """Points for each kind of game."""
    for kind in KINDS:
        yield away(draw, 4), away(draw, 4), kind, 0.6


# with autograd, a right way to the directions, these may well need gradients
globals().update(usual_checks(oracle.dirac_vector_field, games, without=("history",), rtol=1e-9))
