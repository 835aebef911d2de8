"""Hidden checks: one update of BEGAN's losses, balance and measure."""

import pytest
import torch

from autograder.checks import CheckFailed, close, is_true, same_gradients, usual_checks, weight
from autograder.suites.gan.began_update import oracle

D_LOSS, G_LOSS, NEW_K, CONVERGENCE = range(4)
DIALS = (0.4, 0.7, 0.05)  # k, gamma, lambda_k


def errors(draw, n=6, m=6, real=1.0, fake=1.0):
    return real * draw.uniform(n, low=0.5, high=1.5), fake * draw.uniform(m, low=0.5, high=1.5)


def part(result, which):
    """One of the four results; a number where a number is due (a 0-d tensor without a graph is as
    good).
    """
    is_true(isinstance(result, list | tuple) and len(result) == 4, "not four results")
    value = result[which]
    if which in (D_LOSS, G_LOSS):
        return value
    if isinstance(value, torch.Tensor) and value.ndim == 0:
        return float(value.detach())
    if isinstance(value, int | float):
        return float(value)
    raise CheckFailed(f"a {type(value).__name__} is no number")


def agrees(student, which, real, fake, *dials, **tolerances):
    close(
        part(student.began_update(real, fake, *dials), which),
        oracle.began_update(real, fake, *dials)[which],
        **tolerances,
    )


@weight(2)
def test_d_loss(student, draw):
    """gives the discriminator the right loss"""
    agrees(student, D_LOSS, *errors(draw), *DIALS)


def test_d_loss_ends(student, draw):
    """gives the discriminator the right loss at both ends of k, weighted by the k that was handed
    in
    """
    for k in (0.0, 1.0):
        agrees(student, D_LOSS, *errors(draw, fake=0.4), k, 0.6, 0.5)


def test_g_loss(student, draw):
    """gives the generator the right loss, whatever k is"""
    for k in (0.0, 0.3, 1.0):
        agrees(student, G_LOSS, *errors(draw, fake=0.7), k, 0.6, 0.1)


@weight(3)
@pytest.mark.parametrize("fake", [0.2, 1.5])
def test_k(student, draw, fake):
    """moves k in the right direction and by the right amount, when generated images are
    reconstructed too well and too badly
    """
    agrees(student, NEW_K, *errors(draw, fake=fake), *DIALS)
    agrees(student, NEW_K, *errors(draw, real=2.0, fake=fake), 0.5, 0.3, 0.04)


@weight(2)
@pytest.mark.parametrize("fake", [0.01, 30.0])
def test_clipped(student, draw, fake):
    """keeps k within its range, at both ends"""
    agrees(student, NEW_K, *errors(draw, fake=fake), 0.5, 0.9, 2.0)


def test_starting_point(student, draw):
    """starts from k = 0 as BEGAN does, and stays there until generated images are reconstructed
    well enough
    """
    for fake in (0.2, 2.0):
        agrees(student, NEW_K, *errors(draw, fake=fake), 0.0, 0.6, 0.01)


@weight(2)
@pytest.mark.parametrize("fake", [0.2, 1.6])
def test_convergence(student, draw, fake):
    """measures convergence rightly on either side of the balance"""
    agrees(student, CONVERGENCE, *errors(draw, real=1.3, fake=fake), *DIALS)


def test_sizes(student, draw):
    """averages each batch by its own size when the two differ"""
    for n, m in ((3, 8), (8, 3)):
        real, fake = errors(draw, n, m, fake=0.6)
        for which in range(4):
            agrees(student, which, real, fake, *DIALS)


@weight(2)
@pytest.mark.parametrize("which", [D_LOSS, G_LOSS])
def test_gradients(student, draw, which):
    """sends the right gradients from each loss to the errors"""
    same_gradients(
        lambda *given: part(student.began_update(*given, *DIALS), which),
        lambda *given: oracle.began_update(*given, *DIALS)[which],
        *errors(draw, 5, 7),
    )


@weight(2)
def test_plain_numbers(student, draw):
    """returns k and the measure of convergence without a graph"""
    real, fake = (value.requires_grad_() for value in errors(draw))
    result = student.began_update(real, fake, *DIALS)
    for which in (NEW_K, CONVERGENCE):
        part(result, which)
        is_true(not (isinstance(result[which], torch.Tensor) and result[which].requires_grad))
    is_true(isinstance(result[D_LOSS], torch.Tensor) and result[D_LOSS].requires_grad)


def test_run(student, draw):
    """can be called again and again with the k that it returned"""
    mine = theirs = 0.0
    for _ in range(5):
        real, fake = errors(draw, fake=0.5)
        theirs = part(student.began_update(real, fake, theirs, 0.8, 0.2), NEW_K)
        mine = oracle.began_update(real, fake, mine, 0.8, 0.2)[NEW_K]
    close(theirs, mine)


globals().update(
    usual_checks(oracle.began_update, lambda draw: (*errors(draw), *DIALS), without=("device",))
)
