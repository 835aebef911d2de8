"""Hidden checks: a stack of masked autoregressive flows, reversed between layers."""

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.beyond_flows import (
    conditioner,
    log_dets,
    same_parameter_gradients,
    standard_normal,
    standardise,
)
from autograder.suites.flows.reversed_maf import oracle

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.12, "conventions": 0.08}


def stack(draw, n_layers, size, scale=0.8, end=0.5):
    return [conditioner(draw, torch.arange(size), scale, end) for _ in range(n_layers)]


def agree(student, *given):
    close(student.reversed_maf(*given), oracle.reversed_maf(*given))


def right_in_general(student, draw):
    given = stack(draw, 3, 3), draw.normal(5, 3)
    once_right(student.reversed_maf(*given), oracle.reversed_maf(*given))


@pytest.mark.parametrize("n_layers", [1, 2, 3, 4])
def test_layers(student, draw, n_layers):
    """gives z and the log-density for one to four layers, with a reversal between each two"""
    agree(student, stack(draw, n_layers, 4), draw.normal(5, 4))


@pytest.mark.parametrize("n, size", [(6, 3), (3, 3), (7, 2), (4, 5)])
def test_sizes(student, draw, n, size):
    """is right for odd and even numbers of components, and as many samples as components"""
    agree(student, stack(draw, 2, size), 1.5 * draw.normal(n, size))


def test_jacobian(student, draw):
    """has the log-determinant of the full Jacobian of its own z"""
    nets, x = stack(draw, 3, 4), draw.normal(5, 4)

    def flow(x):
        for i, net in enumerate(nets):
            x = standardise(net, x.flip(1) if i else x)
        return x

    z, log_prob = student.reversed_maf(nets, x)
    close(z, flow(x))
    close(log_prob, standard_normal(flow(x)).sum(1) + log_dets(flow, x))


def test_shifts(student, draw):
    """goes through the layers in the order of the list, with unequal ones"""
    shifts = draw.normal(3, 4)

    def shift(by):
        return lambda x: torch.cat([by.expand(len(x), 4), by.new_zeros(len(x), 4)], 1)

    x = draw.normal(5, 4)
    z, log_prob = student.reversed_maf([shift(by) for by in shifts], x)
    expected = ((x - shifts[0]).flip(1) - shifts[1]).flip(1) - shifts[2]
    close(z, expected)
    close(log_prob, torch.distributions.Normal(0.0, 1.0).log_prob(expected).sum(1))


def test_integral(student, draw):
    """is a density: its integral over the plane is 1"""
    axis = torch.linspace(-12, 12, 241, dtype=torch.float64)
    layers = stack(draw, 2, 2, scale=0.15, end=0.1)
    _, log_prob = student.reversed_maf(layers, torch.cartesian_prod(axis, axis))
    agree(student, layers, draw.normal(4, 2))
    close(log_prob.exp().sum() * 0.1**2, 1.0, rtol=1e-2)


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_prob"])
def test_gradients(student, draw, result):
    """sends the right gradient to x, through all layers"""
    layers = stack(draw, 3, 3)
    same_gradients(
        lambda x: student.reversed_maf(layers, x)[result],
        lambda x: oracle.reversed_maf(layers, x)[result],
        draw.normal(4, 3),
    )


@aspect("gradients")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_parameter_gradients(student, draw, place):
    """sends the right gradients to the parameters of each layer's conditioner"""
    layers = stack(draw, 3, 3)
    theirs, twin = layers[place].in_notebook(student, draw)
    x = draw.normal(5, 3)
    their_layers = [theirs if i == place else layer for i, layer in enumerate(layers)]
    our_layers = [twin if i == place else layer for i, layer in enumerate(layers)]
    same_parameter_gradients(
        *(student, theirs, twin),
        student.reversed_maf(their_layers, x)[1],
        oracle.reversed_maf(our_layers, x)[1],
    )


@aspect("edges")
def test_no_layers(student, draw):
    """is the identity with the prior's density when there is no layer"""
    right_in_general(student, draw)
    x = 2 * draw.normal(5, 3)
    z, log_prob = student.reversed_maf([], x)
    same(z, x)
    close(log_prob, torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(1))


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    agree(student, stack(draw, 2, size), draw.normal(n, size))


@aspect("edges")
def test_far_away(student, draw):
    """gives a finite log-density where the density itself is zero in floating point"""
    right_in_general(student, draw)
    agree(student, stack(draw, 2, 3), 60 * draw.normal(4, 3))


@aspect("edges")
def test_one_pass(student, draw):
    """calls each conditioner once, on the whole batch"""
    right_in_general(student, draw)
    layers, x = [Watched(layer) for layer in stack(draw, 3, 3)], draw.normal(5, 3)
    value = student.reversed_maf(layers, x)
    numbers = [len(layer.calls) for layer in layers]
    close(value, oracle.reversed_maf([layer.function for layer in layers], x))
    is_true(numbers == [1, 1, 1], "not one pass")
    is_true(all(tuple(layer.calls[0][0].shape) == (5, 3) for layer in layers))


globals().update(
    usual_checks(oracle.reversed_maf, lambda draw: (stack(draw, 3, 4, 0.6), draw.normal(5, 4)))
)
