"""Hidden checks: the cycle losses of both domains."""

import pytest
import torch

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
from autograder.suites.pix2pix.cycle_loss import oracle
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
    return student.cycle_loss(into_b, into_a, *given)


def expected(*given):
    return oracle.cycle_loss(into_b, into_a, *given)


@pytest.mark.parametrize("sizes", [(3, 3), (5, 2), (1, 4)])
def test_values(student, draw, sizes):
    """is right for both ways round, and batches that differ in size"""
    given = images(draw, *sizes)
    close(parts(asked(student, *given)), expected(*given))


@after(test_values)
def test_other_shapes(student, draw):
    """takes domains whose images differ in shape, and averages over all elements"""

    def colour(x):
        return torch.cat([x, 0.5 * x - 0.2, -x], 1)

    def grey(x):
        return x.mean(1, keepdim=True) + 0.1

    a, b = draw.normal(3, 1, 4, 2), draw.normal(2, 3, 4, 2)
    close(parts(student.cycle_loss(colour, grey, a, b)), oracle.cycle_loss(colour, grey, a, b))


@after(test_values)
def test_inverse(student, draw):
    """is zero for maps that undo each other, and only for the domain that comes back"""
    a, b = images(draw)
    close(parts(student.cycle_loss(lambda x: 3 * x + 1, lambda x: (x - 1) / 3, a, b)), [0.0, 0.0])
    # (B, 2) holds twice what (B, 1) holds: A comes back, B does not
    doubled = draw.normal(3, 2, 2, 2)
    found = student.cycle_loss(
        lambda x: x.repeat(1, 2, 1, 1), lambda x: x[:, :1], a[:, :1], doubled
    )
    close(
        parts(found),
        oracle.cycle_loss(lambda x: x.repeat(1, 2, 1, 1), lambda x: x[:, :1], a[:, :1], doubled),
    )


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
    """sends the right gradients to the parameters of both maps, through both maps"""
    layers = [("Conv2d", 1, 3, 3, 1, 1), ("Tanh",), ("Conv2d", 3, 1, 3, 1, 1)]
    nets = [twin_networks(student, draw, *layers, scale=0.4) for _ in range(2)]
    given = images(draw, 2, 3, (1, 3, 4))
    (2 * parts(student.cycle_loss(nets[0][0], nets[1][0], *given))[0]).backward()
    parts(student.cycle_loss(nets[0][0], nets[1][0], *given))[1].backward()
    first, second = oracle.cycle_loss(nets[0][1], nets[1][1], *given)
    (2 * first + second).backward()
    for theirs, twin in nets:
        close(*parameter_gradients(student, theirs, twin))


@aspect("gradients")
@after(test_values)
def test_gradients_when_back(student, draw):
    """sends finite gradients, of zero, where the way back is exact"""
    same_gradients(
        weighted(lambda *x: student.cycle_loss(lambda y: 2 * y, lambda y: y / 2, *x)),
        lambda a, b: weighted(lambda *x: oracle.cycle_loss(lambda y: 2 * y, lambda y: y / 2, *x))(
            a, b
        ),
        *images(draw),
    )


@aspect("edges")
@after(test_values)
def test_calls(student, draw):
    """calls each map twice, with whole batches: once on images, once on translations"""
    given = images(draw, 2, 3)
    to_b, to_a = watched()
    student.cycle_loss(to_b, to_a, *given)
    is_true(sorted(len(x) for (x,) in to_b.calls) == [2, 3])
    is_true(sorted(len(x) for (x,) in to_a.calls) == [2, 3])


globals().update(
    usual_checks(oracle.cycle_loss, lambda draw: (into_b, into_a, *images(draw, 2, 3)))
)
