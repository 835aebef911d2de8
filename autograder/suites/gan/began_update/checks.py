"""Hidden checks: one update of BEGAN's losses, balance and measure."""

import torch

from autograder.checks import (
    CheckFailed,
    after,
    aspect,
    close,
    follows_device,
    is_true,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.began_update import oracle

ASPECTS = {"values": 0.4, "gradients": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}

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


def ordinary(student, draw):
    for fake in (0.2, 1.5):
        given = errors(draw, fake=fake)
        for which in range(4):
            agrees(student, which, *given, *DIALS)


def test_d_loss(student, draw):
    """gives the discriminator the right loss, weighted by the k that was handed in"""
    agrees(student, D_LOSS, *errors(draw), *DIALS)
    agrees(student, D_LOSS, *errors(draw, fake=0.4), 1.0, 0.6, 0.5)


def test_g_loss(student, draw):
    """gives the generator the right loss, whatever k is"""
    for k in (0.3, 0.0, 1.0):
        agrees(student, G_LOSS, *errors(draw, fake=0.7), k, 0.6, 0.1)


def test_k(student, draw):
    """moves k in the right direction and by the right amount, when generated images are
    reconstructed too well and too badly
    """
    for fake in (0.2, 1.5):
        agrees(student, NEW_K, *errors(draw, fake=fake), *DIALS)
        agrees(student, NEW_K, *errors(draw, real=2.0, fake=fake), 0.5, 0.3, 0.04)


def test_convergence(student, draw):
    """measures convergence rightly on either side of the balance"""
    for fake in (0.2, 1.6):
        agrees(student, CONVERGENCE, *errors(draw, real=1.3, fake=fake), *DIALS)


@after(ordinary)
def test_sizes(student, draw):
    """averages each batch by its own size when the two differ"""
    for n, m in ((3, 8), (8, 3)):
        real, fake = errors(draw, n, m, fake=0.6)
        for which in range(4):
            agrees(student, which, real, fake, *DIALS)


@aspect("gradients")
def test_d_gradients(student, draw):
    """sends the right gradients from the discriminator's loss to both errors"""
    for dials in (DIALS, (1.0, 0.3, 0.5), (0.0, 0.3, 0.5)):
        same_gradients(
            lambda real_error, fake_error: part(
                student.began_update(real_error, fake_error, *dials),  # noqa: B023
                D_LOSS,
            ),
            lambda real_error, fake_error: oracle.began_update(real_error, fake_error, *dials)[0],  # noqa: B023
            *errors(draw, 5, 7),
        )


@aspect("gradients")
def test_g_gradients(student, draw):
    """sends the right gradients from the generator's loss to the error of generated images"""
    same_gradients(
        lambda real_error, fake_error: part(
            student.began_update(real_error, fake_error, *DIALS), G_LOSS
        ),
        lambda real_error, fake_error: oracle.began_update(real_error, fake_error, *DIALS)[1],
        *errors(draw, 5, 7),
    )


@aspect("training")
@after(ordinary)
def test_clipped(student, draw):
    """keeps k within its range, at both ends"""
    for fake in (0.01, 30.0):
        agrees(student, NEW_K, *errors(draw, fake=fake), 0.5, 0.9, 2.0)


@aspect("training")
def test_plain_numbers(student, draw):
    """returns k and the measure of convergence as numbers, without the graph of this step"""
    real, fake = (value.requires_grad_() for value in errors(draw))
    result = student.began_update(real, fake, *DIALS)
    for which in (NEW_K, CONVERGENCE):
        part(result, which)
        is_true(not (isinstance(result[which], torch.Tensor) and result[which].requires_grad))


@aspect("training")
@after(ordinary)
def test_small_steps(student, draw):
    """takes small steps of k exactly, as the lambda_k of 0.001 that BEGAN is trained with makes"""
    for k in (0.0, 0.2, 0.77):
        agrees(student, NEW_K, *errors(draw, fake=0.3), k, 0.6, 1e-4, rtol=1e-7, atol=1e-7)


@aspect("training")
@after(ordinary)
def test_run(student, draw):
    """can be called again and again with the k that it returned"""
    mine = theirs = 0.0
    for _ in range(5):
        real, fake = errors(draw, fake=0.5)
        theirs = part(student.began_update(real, fake, theirs, 0.8, 0.2), NEW_K)
        mine = oracle.began_update(real, fake, mine, 0.8, 0.2)[NEW_K]
    close(theirs, mine)


@aspect("edges")
@after(ordinary)
def test_starting_point(student, draw):
    """starts from k = 0 as BEGAN does, and stays there until generated images are reconstructed
    well enough
    """
    for fake in (0.2, 2.0):
        agrees(student, NEW_K, *errors(draw, fake=fake), 0.0, 0.6, 0.01)


@aspect("edges")
@after(ordinary)
def test_ends_of_the_dials(student, draw):
    """takes 0 and 1 for each of the three dials, as they are"""
    for dials in ((0.4, 0.0, 0.05), (0.4, 1.0, 0.05), (0.4, 0.7, 0.0), (0, 1, 1), (1, 0, 1)):
        for which in range(4):
            agrees(student, which, *errors(draw, fake=0.8), *dials)


@aspect("edges")
@after(ordinary)
def test_one_image(student, draw):
    """is right for batches of one image"""
    for n, m in ((1, 5), (5, 1), (1, 1)):
        real, fake = errors(draw, n, m, fake=0.6)
        for which in range(4):
            agrees(student, which, real, fake, *DIALS)


@aspect("edges")
@after(ordinary)
def test_large_errors(student, draw):
    """is right for errors in the hundreds, as sums over all pixels are"""
    for fake in (100.0, 900.0):
        for which in range(4):
            agrees(student, which, *errors(draw, real=500.0, fake=fake), 0.5, 0.6, 2e-4)


@aspect("conventions")
@after(ordinary)
def test_device(student, draw):
    """computes both losses on the device of its inputs"""
    follows_device(
        lambda *given: part(student.began_update(*given, *DIALS), D_LOSS),
        lambda *given: oracle.began_update(*given, *DIALS)[D_LOSS],
        *errors(draw),
    )


globals().update(
    usual_checks(oracle.began_update, lambda draw: (*errors(draw), *DIALS), without=("device",))
)
