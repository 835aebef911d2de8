"""Hidden checks: the identity losses of both maps."""

import pytest

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    parameter_gradients,
    same_gradients,
    twin_networks,
    usual_checks,
)
from autograder.suites.pix2pix.identity_loss import oracle
from autograder.suites.pix2pix.two_domains import (
    images,
    into_a,
    into_b,
    parts,
    watched,
    weighted,
)

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.1, "conventions": 0.1}


def asked(student, *given):
    return student.identity_loss(into_b, into_a, *given)


def expected(*given):
    return oracle.identity_loss(into_b, into_a, *given)


@pytest.mark.parametrize("sizes", [(3, 3), (5, 2), (1, 4)])
def test_values(student, draw, sizes):
    """is right for both maps, and batches that differ in size"""
    given = images(draw, *sizes, (2, 3, 4))
    close(parts(asked(student, *given)), expected(*given))


@after(test_values)
def test_nothing_changed(student, draw):
    """is zero for the map that leaves its target domain alone, and only for that one"""
    a, b = images(draw)
    close(parts(student.identity_loss(lambda x: x, into_a, a, b))[0], 0.0)
    close(parts(student.identity_loss(into_b, lambda x: x, a, b))[1], 0.0)
    close(parts(asked(student, a, b)), expected(a, b))


@aspect("gradients")
@pytest.mark.parametrize("sizes", [(3, 4), (1, 1)])
def test_gradients(student, draw, sizes):
    """sends the right gradients to the images of both domains"""
    same_gradients(
        weighted(lambda *x: asked(student, *x)),
        lambda a, b: weighted(expected)(a, b),
        *images(draw, *sizes),
    )


@aspect("gradients")
@after(test_values)
def test_networks(student, draw):
    """sends the right gradients to the parameters of each map"""
    layers = [("Conv2d", 1, 3, 3, 1, 1), ("Tanh",), ("Conv2d", 3, 1, 3, 1, 1)]
    nets = [twin_networks(student, draw, *layers, scale=0.4) for _ in range(2)]
    given = images(draw, 2, 3, (1, 3, 4))
    for part in (0, 1):
        parts(student.identity_loss(nets[0][0], nets[1][0], *given))[part].backward()
        oracle.identity_loss(nets[0][1], nets[1][1], *given)[part].backward()
    for theirs, twin in nets:
        close(*parameter_gradients(student, theirs, twin))


@aspect("gradients")
@after(test_values)
def test_gradients_at_zero(student, draw):
    """sends finite gradients, of zero, where a map changes nothing"""
    same_gradients(
        weighted(lambda *x: student.identity_loss(lambda y: y, lambda y: y, *x)),
        lambda a, b: weighted(lambda *x: oracle.identity_loss(lambda y: y, lambda y: y, *x))(a, b),
        *images(draw),
    )


@aspect("edges")
@after(test_values)
def test_calls(student, draw):
    """calls each map once, with the whole batch"""
    given = images(draw, 2, 3)
    to_b, to_a = watched()
    student.identity_loss(to_b, to_a, *given)
    is_true(len(to_b.calls) == 1 and len(to_a.calls) == 1)
    close([to_b.calls[0][0], to_a.calls[0][0]], [given[1], given[0]])


globals().update(
    usual_checks(oracle.identity_loss, lambda draw: (into_b, into_a, *images(draw, 2, 3)))
)
