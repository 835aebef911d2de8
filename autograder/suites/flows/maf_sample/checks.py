"""Hidden checks: the inverse of a masked autoregressive flow."""

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.beyond_flows import (
    conditioner,
    implicit_sample,
    same_parameter_gradients,
    standardise,
)
from autograder.suites.flows.maf_sample import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.17, "conventions": 0.08}

CYCLE = torch.tensor([2, 0, 1, 4, 3])
"""An order that is not its own inverse."""


def agree(student, net, z, order):
    close(student.maf_sample(net, z, order), oracle.maf_sample(net, z, order))


def right_in_general(student, draw):
    net, z = conditioner(draw, CYCLE), draw.normal(4, 5)
    once_right(student.maf_sample(net, z, CYCLE), oracle.maf_sample(net, z, CYCLE))


@pytest.mark.parametrize("n, size", [(5, 3), (4, 4), (2, 7)])
def test_natural_order(student, draw, n, size):
    """is right for the natural order"""
    order = torch.arange(size)
    agree(student, conditioner(draw, order), draw.normal(n, size), order)


@pytest.mark.parametrize("order", [CYCLE, CYCLE.argsort(), torch.arange(4).flip(0)])
def test_order(student, draw, order):
    """is right for an order that is not its own inverse, and for the reversed one"""
    agree(student, conditioner(draw, order), draw.normal(4, len(order)), order)


def test_round_trip(student, draw):
    """gives x whose forward direction is z, for noise far from zero too"""
    net = conditioner(draw, CYCLE)
    for scale in (0.1, 1.0, 8.0):
        z = scale * draw.normal(6, 5)
        close(standardise(net, student.maf_sample(net, z, CYCLE)), z)


@aspect("gradients")
@pytest.mark.parametrize("order", [torch.arange(3), CYCLE])
def test_gradients(student, draw, order):
    """sends the right gradient to the noise, through all passes"""
    net = conditioner(draw, order)
    same_gradients(
        lambda z: student.maf_sample(net, z, order),
        lambda z: implicit_sample(net, z, order),
        draw.normal(4, len(order)),
    )


@aspect("gradients")
@pytest.mark.parametrize("needs", [False, True], ids=["plain noise", "inner layer"])
def test_parameter_gradients(student, draw, needs):
    """sends the right gradients to the conditioner's parameters, whether or not z needs any"""
    order = torch.tensor([2, 0, 1])
    theirs, twin = conditioner(draw, order).in_notebook(student, draw)
    z = draw.normal(5, 3)
    same_parameter_gradients(
        *(student, theirs, twin),
        student.maf_sample(theirs, z.clone().requires_grad_(needs), order),
        oracle.maf_sample(twin, z, order),
    )


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 4), (5, 1), (1, 1), (2, 2)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    order = torch.arange(size).flip(0)
    agree(student, conditioner(draw, order), draw.normal(n, size), order)


@aspect("edges")
@pytest.mark.parametrize("size", [1, 4, 6])
def test_passes(student, draw, size):
    """calls the conditioner once for each component, on the whole batch"""
    right_in_general(student, draw)
    order = draw.permutation(size)
    watched, z = Watched(conditioner(draw, order)), draw.normal(3, size)
    x = student.maf_sample(watched, z, order)
    shapes = [tuple(given[0].shape) for given in watched.calls]
    close(x, oracle.maf_sample(watched.function, z, order))
    is_true(shapes == [(3, size)] * size, f"{len(shapes)} passes")


@aspect("edges")
def test_zeros(student, draw):
    """shows the conditioner what is known by then and zeros elsewhere"""
    right_in_general(student, draw)
    watched, z = Watched(conditioner(draw, CYCLE)), draw.normal(3, 5)
    student.maf_sample(watched, z, CYCLE)
    x = oracle.maf_sample(watched.function, z, CYCLE)
    known = torch.zeros_like(x)
    is_true(len(watched.calls) == 5)
    for (given,), i in zip(watched.calls, CYCLE.tolist(), strict=True):
        close(given, known)
        known[:, i] = x[:, i]


@aspect("edges")
def test_overflow(student, draw):
    """isn't spoilt by what would overflow if it were computed too early"""
    right_in_general(student, draw)
    weight = torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]], dtype=torch.float64)
    limit = torch.tensor([0.0, 900.0, 0.0], dtype=torch.float64)

    def net(x):  # component 1 has a huge scale, unless component 0 is 1
        return torch.cat([x @ weight.T, limit - 900 * x @ (weight * (limit > 0)[:, None]).T], 1)

    z = draw.normal(4, 3)
    z[:, 0] = 1
    agree(student, net, z, torch.arange(3))


globals().update(
    usual_checks(
        oracle.maf_sample,
        lambda draw: (conditioner(draw, CYCLE, scale=0.5), draw.normal(4, 5), CYCLE),
    )
)
