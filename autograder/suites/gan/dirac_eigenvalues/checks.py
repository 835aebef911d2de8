"""Hidden checks: the eigenvalues of the Dirac-GAN's Jacobian at the equilibrium."""

import pytest
import torch

from autograder.checks import CheckFailed, after, aspect, close, has_shape, refuses
from autograder.checks.compare import as_tensor
from autograder.suites.gan.dirac_eigenvalues import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}

PLAIN = ["minimax", "nonsaturating", "wgan"]


def sorted_pair(value):
    """The two values in the order that is asked for; what kind of tensor it is, and its order, are
    judged elsewhere.
    """
    pair = as_tensor(value)
    pair = pair.to(torch.complex128) if pair.dim() else pair
    has_shape(pair, 2)
    return pair[(pair.real + pair.imag).argsort()]


def agree(student, *given, expected=None, **tolerance):
    found = sorted_pair(student.dirac_eigenvalues(*given))
    close(found, oracle.dirac_eigenvalues(*(expected or given)), **tolerance)


@pytest.mark.parametrize("kind", PLAIN)
def test_without_penalty(student, draw, kind):
    """is right for the games without a penalty"""
    agree(student, kind)


@pytest.mark.parametrize("around", [0.15, 0.5, 0.85])
def test_weak_penalty(student, draw, around):
    """is right for r1 with a small gamma, where the players circle"""
    agree(student, "r1", around + 0.1 * float(draw.uniform(1)))


@pytest.mark.parametrize("around", [1.1, 2.0, 8.0])
def test_strong_penalty(student, draw, around):
    """is right for r1 with a large gamma, where the players do not circle"""
    agree(student, "r1", around + 0.2 * float(draw.uniform(1)))


def in_order(student, draw):
    """Fails for an answer with a wrong pair of either sort."""
    for gamma in (0.4, 2.4):
        agree(student, "r1", gamma)


@aspect("edges")
@after(in_order)
def test_critical(student, draw):
    """is right for r1 where the two kinds of motion meet"""
    agree(student, "r1", 1.0, atol=2e-3)  # a double root is only known to sqrt(eps)


@aspect("edges")
@after(in_order)
def test_no_penalty_yet(student, draw):
    """is right for r1 with gamma = 0, given or left out"""
    for gamma in ((0.0,), (0,), ()):
        agree(student, "r1", *gamma, expected=("nonsaturating",))


@aspect("edges")
@after(in_order)
def test_whole_gamma(student, draw):
    """takes whole numbers for gamma, and arguments by name"""
    agree(student, "r1", 3)
    found = sorted_pair(student.dirac_eigenvalues(kind="r1", gamma=0.5))
    close(found, oracle.dirac_eigenvalues("r1", 0.5))


@aspect("edges")
def test_ignored_gamma(student, draw):
    """ignores gamma in the kinds that have no penalty"""
    for kind in PLAIN:
        agree(student, kind, 0.5 + float(draw.uniform(1)), expected=(kind,))


@aspect("edges")
@pytest.mark.parametrize("gamma", [0.0, 0.7])
def test_no_jacobian(student, draw, gamma):
    """refuses wgan-gp, which has no Jacobian at the equilibrium"""
    refuses(student.dirac_eigenvalues, "wgan-gp", gamma)


@aspect("conventions")
@after(in_order)
def test_order(student, draw):
    """sorts a complex pair by its imaginary parts and a real pair by its values"""
    cases = [*((kind,) for kind in PLAIN), *(("r1", g + float(draw.uniform(1))) for g in (1.5, 6))]
    for case in [*cases, ("r1", 0.6)]:
        close(student.dirac_eigenvalues(*case), oracle.dirac_eigenvalues(*case))


@aspect("conventions")
@after(in_order)
def test_complex(student, draw):
    """is a complex tensor, for a real pair too"""
    for given in (("wgan",), ("r1", 0.4), ("r1", 2.6)):
        value = student.dirac_eigenvalues(*given)
        if not isinstance(value, torch.Tensor) or not value.is_complex():
            raise CheckFailed("not a complex tensor")


@aspect("conventions")
def test_again(student, draw):
    """gives the pair of its own arguments, whatever it was asked before"""
    pairs = [("r1", 0.3), ("wgan",), ("r1", 2.5), ("minimax",), ("r1", 0.3)]
    found = [sorted_pair(student.dirac_eigenvalues(*given)) for given in pairs]
    close(found[0], found[-1])
    close(found[2], oracle.dirac_eigenvalues(*pairs[2]))
