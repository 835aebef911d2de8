"""Hidden checks: the penalty of the variational discriminator bottleneck."""

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
from autograder.suites.gan.vdb_penalty import oracle

ASPECTS = {"values": 0.4, "gradients": 0.2, "training": 0.2, "edges": 0.1, "conventions": 0.1}

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


def faint(draw):
    """Encodings close to the prior, of which little passes."""
    return [0.1 * value for value in encodings(draw)]


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


def ordinary(student, draw):
    given = encodings(draw)
    agrees(student, PENALTY, given)
    agrees(student, NEW_BETA, given)


def gradients_agree(student, dials, given):
    same_gradients(
        lambda mu_real, logvar_real, mu_fake, logvar_fake: part(
            student.vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, *dials), PENALTY
        ),
        lambda mu_real, logvar_real, mu_fake, logvar_fake: oracle.vdb_penalty(
            mu_real, logvar_real, mu_fake, logvar_fake, *dials
        )[PENALTY],
        *given,
    )


def test_penalty(student, draw):
    """has the right penalty when means and variances of both halves are away from the prior"""
    for beta, i_c in ((0.6, 0.9), (2.5, 0.1)):
        agrees(student, PENALTY, encodings(draw), (beta, i_c, 0.05))


def test_within(student, draw):
    """has a negative penalty where less passes than may"""
    agrees(student, PENALTY, faint(draw), (1.7, 5.0, 0.05))


@after(ordinary)
def test_mixture(student, draw):
    """weighs real and generated images equally, also in batches of different sizes"""
    for n, m in ((2, 9), (9, 2)):
        for which in (PENALTY, NEW_BETA):
            agrees(student, which, encodings(draw, n, m), (0.6, 0.9, 0.05))


def test_beta(student, draw):
    """moves beta by the right amount, up where more passes than may and down where less does"""
    agrees(student, NEW_BETA, encodings(draw), (0.3, 0.4, 0.02))
    agrees(student, NEW_BETA, encodings(draw), (0.0, 0.4, 0.3))
    agrees(student, NEW_BETA, faint(draw), (2.0, 5.0, 0.1))


@after(ordinary)
def test_many_dimensions(student, draw):
    """adds up the dimensions, also when there are many of them"""
    for which in (PENALTY, NEW_BETA):
        agrees(student, which, encodings(draw, 2, 3, 30))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to all four tensors, none of them by way of the next beta"""
    gradients_agree(student, (0.6, 0.9, 0.5), encodings(draw, 4, 6))


@aspect("gradients")
def test_gradients_within(student, draw):
    """sends the right gradients also where less passes than may"""
    gradients_agree(student, (1.7, 5.0, 0.5), faint(draw))


@aspect("training")
@after(ordinary)
def test_not_negative(student, draw):
    """never lets beta fall below zero"""
    agrees(student, NEW_BETA, faint(draw), (0.2, 5.0, 0.5))


@aspect("training")
@after(ordinary)
def test_plain_number(student, draw):
    """returns the next beta as a number, without the graph of this step"""
    given = [value.requires_grad_() for value in encodings(draw)]
    result = student.vdb_penalty(*given, *DIALS)
    part(result, NEW_BETA)
    is_true(not (isinstance(result[NEW_BETA], torch.Tensor) and result[NEW_BETA].requires_grad))


@aspect("training")
@after(ordinary)
def test_run(student, draw):
    """can be called again and again with the beta that it returned"""
    mine = theirs = 0.1
    for scale in (1.0, 0.5, 0.1, 0.1):
        given = [scale * value for value in encodings(draw)]
        theirs = part(student.vdb_penalty(*given, theirs, 0.9, 0.1), NEW_BETA)
        mine = oracle.vdb_penalty(*given, mine, 0.9, 0.1)[NEW_BETA]
    close(theirs, mine)


@aspect("training")
@after(ordinary)
def test_small_steps(student, draw):
    """takes small steps of beta exactly, as a step_size of 1e-5 makes"""
    for beta in (0.0, 0.03):
        dials = (beta, 0.9, 1e-5)
        agrees(student, NEW_BETA, encodings(draw), dials, rtol=1e-7, atol=1e-8)


@aspect("edges")
@after(ordinary)
def test_one(student, draw):
    """is right for one image in a batch, and for one dimension"""
    for sizes in ((1, 4, 3), (4, 1, 3), (1, 1, 4), (5, 3, 1), (1, 1, 1)):
        for which in (PENALTY, NEW_BETA):
            agrees(student, which, encodings(draw, *sizes))


@aspect("edges")
@after(ordinary)
def test_large_beta(student, draw):
    """lets beta climb as high as it must"""
    agrees(student, NEW_BETA, encodings(draw), (5.0, 0.4, 0.3))
    agrees(student, NEW_BETA, encodings(draw), (5000.0, 0.4, 0.3))
    agrees(student, PENALTY, encodings(draw), (5000.0, 0.4, 0.3))


@aspect("edges")
@after(ordinary)
def test_zeros(student, draw):
    """takes 0 for beta, i_c and the step size, as they are; the penalty is a tensor then too"""
    for dials in ((0.0, 0.9, 0.05), (0.6, 0.0, 0.05), (0.6, 0.9, 0.0), (0, 1, 1)):
        given = encodings(draw)
        for which in (PENALTY, NEW_BETA):
            agrees(student, which, given, dials)
    is_true(isinstance(part(student.vdb_penalty(*given, 0.0, 0.9, 0.05), PENALTY), torch.Tensor))


@aspect("edges")
@after(ordinary)
def test_extreme_variances(student, draw):
    """stays finite and exact when variances are very small or large"""
    mu_real, logvar_real, mu_fake, logvar_fake = encodings(draw)
    agrees(student, PENALTY, (mu_real, logvar_real - 60, mu_fake, logvar_fake - 30))
    agrees(student, PENALTY, (mu_real, logvar_real + 12, mu_fake, logvar_fake))


@aspect("conventions")
@after(ordinary)
def test_device(student, draw):
    """computes the penalty on the device of its inputs"""
    follows_device(
        lambda *given: part(student.vdb_penalty(*given, *DIALS), PENALTY),
        lambda *given: oracle.vdb_penalty(*given, *DIALS)[PENALTY],
        *encodings(draw),
    )


globals().update(
    usual_checks(oracle.vdb_penalty, lambda draw: (*encodings(draw), *DIALS), without=("device",))
)
