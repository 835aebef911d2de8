"""Hidden checks: the eigenvalues of the Dirac-GAN's Jacobian at the equilibrium."""

import pytest
import torch

from autograder.checks import CheckFailed, close, is_true, weight
from autograder.errors import StudentError
from autograder.suites.gan.dirac_eigenvalues import oracle


def eigenvalues(student, *given):
    """Two complex numbers of any precision."""
    value = student.dirac_eigenvalues(*given)
    if not isinstance(value, torch.Tensor) or not value.is_complex():
        raise CheckFailed("not a complex tensor")
    return value


@weight(2)
@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "wgan"])
def test_without_penalty(student, draw, kind):
    """is right for the games without a penalty"""
    close(eigenvalues(student, kind), oracle.dirac_eigenvalues(kind))


@weight(2)
@pytest.mark.parametrize("around", [0.15, 0.5, 0.85])
def test_weak_penalty(student, draw, around):
    """is right for r1 with a small gamma, where the players circle"""
    gamma = around + 0.1 * float(draw.uniform(1))
    close(eigenvalues(student, "r1", gamma), oracle.dirac_eigenvalues("r1", gamma))


@weight(2)
@pytest.mark.parametrize("around", [1.1, 2.0, 8.0])
def test_strong_penalty(student, draw, around):
    """is right for r1 with a large gamma, where the players do not circle"""
    gamma = around + 0.2 * float(draw.uniform(1))
    close(eigenvalues(student, "r1", gamma), oracle.dirac_eigenvalues("r1", gamma))


def test_critical(student, draw):
    """is right for r1 where the two kinds of motion meet"""
    close(
        eigenvalues(student, "r1", 1.0), oracle.dirac_eigenvalues("r1", 1.0), atol=2e-3
    )  # a double root is only known to sqrt(eps)


def test_no_penalty_yet(student, draw):
    """is right for r1 with gamma = 0"""
    close(eigenvalues(student, "r1", 0.0), oracle.dirac_eigenvalues("nonsaturating"))
    close(eigenvalues(student, "r1"), oracle.dirac_eigenvalues("nonsaturating"))


@pytest.mark.parametrize("kind", ["minimax", "nonsaturating", "wgan"])
def test_ignored_gamma(student, draw, kind):
    """ignores gamma in the kinds that have no penalty"""
    gamma = 0.5 + float(draw.uniform(1))
    close(eigenvalues(student, kind, gamma), oracle.dirac_eigenvalues(kind))


def test_order(student, draw):
    """sorts a complex pair by its imaginary parts and a real pair by its values"""
    for kind in ("minimax", "nonsaturating", "wgan"):
        value = eigenvalues(student, kind)
        is_true(value.shape == (2,) and value[0].imag < value[1].imag)
    for gamma in (1.5, 4.0):
        value = eigenvalues(student, "r1", gamma + float(draw.uniform(1)))
        is_true(value.shape == (2,) and value[0].real < value[1].real)


@pytest.mark.parametrize("gamma", [0.0, 0.7])
def test_no_jacobian(student, draw, gamma):
    """refuses wgan-gp, which has no Jacobian at the equilibrium"""
    refused = False
    try:
        student.dirac_eigenvalues("wgan-gp", gamma)
    except StudentError as error:
        if error.kind != "ValueError":
            raise
        refused = True
    is_true(refused)
