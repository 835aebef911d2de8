"""Hidden checks: a stack of layers, backward. The layers are modules in the student's process whose
methods ask the ones here.
"""

import pytest

from autograder.checks import (
    after,
    aspect,
    close,
    inputs_unchanged,
    is_true,
    once_right,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.compose_flows import oracle as compose_oracle
from autograder.suites.flows.invert_flows import oracle
from autograder.suites.flows.plane_flows import completed, mixed_layers, stretch, theirs

ASPECTS = {"values": 0.5, "gradients": 0.2, "edges": 0.2, "conventions": 0.1}


def stacked(student, draw, *shape, n_layers=4):
    layers = mixed_layers(draw, *shape)[:n_layers]
    return [theirs(student, layer) for layer in layers], layers


def test_round_trip(student, draw):
    """brings back the x that the stack has turned into z"""
    over_there, layers = stacked(student, draw, 3)
    x = draw.normal(5, 3)
    close(student.invert_flows(over_there, compose_oracle.compose_flows(layers, x)[0]), x)


@pytest.mark.parametrize("n_layers", [1, 2, 3])
def test_few_layers(student, draw, n_layers):
    """is right for stacks of one, two and three layers"""
    over_there, layers = stacked(student, draw, 2, n_layers=n_layers)
    z = draw.normal(4, 2)
    close(student.invert_flows(over_there, z), oracle.invert_flows(layers, z))


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (3, 2, 2, 3)])
def test_sizes(student, draw, shape):
    """takes a batch of one sample, samples of one coordinate, and images (B, C, H, W)"""
    over_there, layers = stacked(student, draw, *shape[1:])
    z = draw.normal(*shape)
    close(student.invert_flows(over_there, z), oracle.invert_flows(layers, z))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients through all inverses"""
    over_there, layers = stacked(student, draw, 3)
    same_gradients(
        lambda z: student.invert_flows(over_there, z),
        lambda z: oracle.invert_flows(layers, z),
        draw.normal(4, 3),
    )


@aspect("edges")
@after(test_round_trip)
@pytest.mark.parametrize("shape", [(4, 3), (2, 1, 3, 2)])
def test_no_layers(student, draw, shape):
    """is the identity if there is no layer"""
    z = draw.normal(*shape)
    for layers in ([], ()):
        same(student.invert_flows(layers, z), z)


@aspect("edges")
@after(test_round_trip)
@pytest.mark.parametrize("kind", ["tuple", "torch.nn.ModuleList"])
def test_kinds_of_stacks(student, draw, kind):
    """takes its layers in a tuple and in an nn.ModuleList"""
    over_there, layers = stacked(student, draw, 2)
    z = draw.normal(3, 2)
    stack = tuple(over_there) if kind == "tuple" else student.new(kind, over_there)
    close(student.invert_flows(stack, z), oracle.invert_flows(layers, z))


@aspect("edges")
def test_number_of_calls(student, draw):
    """calls the inverse method of each layer once, on the whole batch, and nothing else"""
    over_there, layers = stacked(student, draw, 2)
    z = draw.normal(5, 2)
    value = student.invert_flows(over_there, z)
    calls = [(layer.n_forward, layer.n_inverse) for layer in layers]
    once_right(value, oracle.invert_flows(layers, z))
    is_true(calls == [(0, 1)] * 4, f"calls of forward and inverse: {calls}")


@aspect("edges")
def test_one_layer_twice(student, draw):
    """takes a layer that is in the stack more than once"""
    layer = stretch(draw, 2)
    over_there = theirs(student, layer)
    z = draw.normal(4, 2)
    expected = oracle.invert_flows([layer, layer], z)
    close(student.invert_flows([over_there, over_there], z), expected)


@aspect("conventions")
def test_list(student, draw):
    """leaves the list of layers as it was, in its order too"""
    over_there, layers = stacked(student, draw, 2)
    z = draw.normal(3, 2)
    expected = oracle.invert_flows(layers, z)
    once_right(student.invert_flows(over_there, z), expected)
    inputs_unchanged(student)
    stack = student.new("torch.nn.ModuleList", over_there)  # one stack over there, for two calls
    for _ in range(2):
        close(student.invert_flows(stack, z), expected)


def invert_flows(z):
    """Two layers that bend each coordinate, in the precision of z."""
    return (z.asinh() - 1).tanh()


def two_layers(student):
    inverses = [lambda z: z.tanh(), lambda z: z.asinh() - 1]
    return [student.new("types.SimpleNamespace", inverse=each) for each in inverses]


globals().update(
    completed(
        usual_checks(invert_flows, lambda draw: (draw.normal(3, 4),)), "invert_flows", two_layers
    )
)
