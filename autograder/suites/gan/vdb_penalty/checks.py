"""Hidden checks: the penalty of the variational discriminator bottleneck."""

import pytest
import torch

from autograder.checks import CheckFailed, close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.vdb_penalty import oracle

PENALTY, NEW_BETA = range(2)
DIALS = (0.6, 0.9, 0.05)  # beta, i_c, step_size


def encodings(draw, n=5, m=5, D=4):
    """(mu_real, logvar_real, mu_fake, logvar_fake): means and variances away from the prior, the
    two halves unlike each other.
    """
    return (
        draw.normal(n, D) + 0.5,
        0.8 * draw.normal(n, D),
        2 * draw.normal(m, D),
        0.5 * draw.normal(m, D) - 1,
    )


def part(result, which):
    """One of the two results; beta as a number (a 0-d tensor without a graph is as good)."""
    is_true(isinstance(result, list | tuple) and len(result) == 2, "not two results")
    value = result[which]
    if which == PENALTY:
        return value
    if isinstance(value, torch.Tensor) and value.ndim == 0:
        return float(value.detach())
    if isinstance(value, int | float):
        return float(value)
    raise CheckFailed(f"a {type(value).__name__} is no number")


def agrees(student, which, given, dials=DIALS, **tolerances):
    close(
        part(student.vdb_penalty(*given, *dials), which),
        oracle.vdb_penalty(*given, *dials)[which],
        **tolerances,
    )


@weight(3)
def test_penalty(student, draw):
    """has the right penalty when means and variances of both halves are away from the prior"""
    for beta, i_c in ((0.6, 0.9), (2.5, 0.1)):
        agrees(student, PENALTY, encodings(draw), (beta, i_c, 0.05))


@weight(2)
@pytest.mark.parametrize("which", [PENALTY, NEW_BETA])
def test_mixture(student, draw, which):
    """weighs real and generated images equally, also in batches of different sizes"""
    for n, m in ((2, 9), (9, 2), (1, 4)):
        agrees(student, which, encodings(draw, n, m), (0.6, 0.9, 0.05))


def test_one_half(student, draw):
    """counts what passes of the generated images, and of the real ones, when the other half sits at
    the prior
    """
    zeros = torch.zeros(5, 4, dtype=torch.float64)
    mu_real, logvar_real, mu_fake, logvar_fake = encodings(draw)
    agrees(student, PENALTY, (mu_real, logvar_real, zeros, zeros))
    agrees(student, PENALTY, (zeros, zeros, mu_fake, logvar_fake))


@weight(2)
def test_within(student, draw):
    """has a negative penalty where less passes than may"""
    agrees(student, PENALTY, [0.1 * value for value in encodings(draw)], (1.7, 5.0, 0.05))


@weight(2)
def test_rises(student, draw):
    """raises beta by the right amount where more passes than may"""
    agrees(student, NEW_BETA, encodings(draw), (0.3, 0.4, 0.02))
    agrees(student, NEW_BETA, encodings(draw), (0.0, 0.4, 0.3))


@weight(2)
def test_falls(student, draw):
    """lowers beta by the right amount where less passes than may"""
    agrees(student, NEW_BETA, [0.1 * value for value in encodings(draw)], (2.0, 5.0, 0.1))


@weight(3)
def test_not_negative(student, draw):
    """never lets beta fall below zero"""
    agrees(student, NEW_BETA, [0.1 * value for value in encodings(draw)], (0.2, 5.0, 0.5))


def test_many_dimensions(student, draw):
    """adds up the dimensions, also when there are many of them"""
    for which in (PENALTY, NEW_BETA):
        agrees(student, which, encodings(draw, 2, 3, 30))


@weight(3)
def test_gradients(student, draw):
    """sends the right gradients to all four tensors, none of them by way of the next beta"""
    same_gradients(
        lambda *given: part(student.vdb_penalty(*given, 0.6, 0.9, 0.5), PENALTY),
        lambda *given: oracle.vdb_penalty(*given, 0.6, 0.9, 0.5)[PENALTY],
        *encodings(draw, 4, 6),
    )


def test_plain_number(student, draw):
    """returns the next beta without a graph"""
    given = [value.requires_grad_() for value in encodings(draw)]
    result = student.vdb_penalty(*given, *DIALS)
    part(result, NEW_BETA)
    is_true(not (isinstance(result[NEW_BETA], torch.Tensor) and result[NEW_BETA].requires_grad))
    is_true(isinstance(result[PENALTY], torch.Tensor) and result[PENALTY].requires_grad)


def test_extreme_variances(student, draw):
    """stays finite and exact when variances are very small"""
    mu_real, logvar_real, mu_fake, logvar_fake = encodings(draw)
    agrees(student, PENALTY, (mu_real, logvar_real - 60, mu_fake, logvar_fake - 30))


def test_run(student, draw):
    """can be called again and again with the beta that it returned"""
    mine = theirs = 0.1
    for scale in (1.0, 0.5, 0.1, 0.1):
        given = [scale * value for value in encodings(draw)]
        theirs = part(student.vdb_penalty(*given, theirs, 0.9, 0.1), NEW_BETA)
        mine = oracle.vdb_penalty(*given, mine, 0.9, 0.1)[NEW_BETA]
    close(theirs, mine)


globals().update(
    usual_checks(oracle.vdb_penalty, lambda draw: (*encodings(draw), *DIALS), without=("device",))
)
