"""Hidden checks: a stack of layers, forward. The layers are modules in the student's process whose
methods ask the ones here.
"""

import pytest
import torch

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
from autograder.suites.flows.compose_flows import oracle
from autograder.suites.flows.plane_flows import (
    completed,
    jacobian_log_det,
    mixed_layers,
    stretch,
    theirs,
)

ASPECTS = {"values": 0.5, "gradients": 0.2, "edges": 0.2, "conventions": 0.1}


def stacked(student, draw, *shape, n_layers=4):
    """Layers in the student's process, and here."""
    layers = mixed_layers(draw, *shape)[:n_layers]
    return [theirs(student, layer) for layer in layers], layers


def agree(student, over_there, layers, x):
    value = student.compose_flows(over_there, x)
    close(value, oracle.compose_flows(layers, x))
    return value


def test_z(student, draw):
    """sends x through the layers, the first layer first"""
    over_there, layers = stacked(student, draw, 3)
    x = draw.normal(5, 3)
    value = student.compose_flows(over_there, x)
    is_true(isinstance(value, list | tuple) and len(value) == 2, "not two results")
    close(value[0], oracle.compose_flows(layers, x)[0])


def test_log_det(student, draw):
    """has the log-determinant of the whole stack's Jacobian, one for each sample"""
    over_there, layers = stacked(student, draw, 3)
    x = draw.normal(6, 3)
    value = student.compose_flows(over_there, x)
    is_true(isinstance(value, list | tuple) and len(value) == 2, "not two results")
    close(value[1], jacobian_log_det(lambda at: oracle.compose_flows(layers, at)[0], x))


@pytest.mark.parametrize("n_layers", [1, 2, 3])
def test_few_layers(student, draw, n_layers):
    """is right for stacks of one, two and three layers"""
    agree(student, *stacked(student, draw, 2, n_layers=n_layers), draw.normal(4, 2))


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (3, 3), (1, 1)])
def test_sizes(student, draw, shape):
    """takes a batch of one sample, samples of one coordinate, and as many samples as coordinates"""
    agree(student, *stacked(student, draw, shape[1]), draw.normal(*shape))


@after(test_log_det)
@pytest.mark.parametrize("shape", [(3, 2, 2, 3), (1, 1, 2, 2)])
def test_images(student, draw, shape):
    """takes images (B, C, H, W) as well"""
    agree(student, *stacked(student, draw, *shape[1:]), draw.normal(*shape))


@aspect("gradients")
@pytest.mark.parametrize("part", [0, 1], ids=["z", "log_det"])
def test_gradients(student, draw, part):
    """sends the right gradients through all layers, from z and from the log-determinant"""
    over_there, layers = stacked(student, draw, 3)
    same_gradients(
        lambda x: student.compose_flows(over_there, x)[part],
        lambda x: oracle.compose_flows(layers, x)[part],
        draw.normal(4, 3),
    )


@aspect("edges")
@after(test_log_det)
@pytest.mark.parametrize("shape", [(4, 3), (1, 1), (2, 1, 3, 2)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_no_layers(student, draw, shape, dtype):
    """is the identity, with zeros for the log-determinants, if there is no layer"""
    x = draw.normal(*shape, dtype=dtype)
    for layers in ([], ()):
        z, log_det = student.compose_flows(layers, x)
        same(z, x)
        same(log_det, torch.zeros(shape[0]))
        is_true(z.dtype == dtype and log_det.dtype == dtype, "another precision")


@aspect("edges")
@after(test_log_det)
@pytest.mark.parametrize("kind", ["tuple", "torch.nn.ModuleList"])
def test_kinds_of_stacks(student, draw, kind):
    """takes its layers in a tuple and in an nn.ModuleList"""
    over_there, layers = stacked(student, draw, 2)
    stack = tuple(over_there) if kind == "tuple" else student.new(kind, over_there)
    agree(student, stack, layers, draw.normal(3, 2))


@aspect("edges")
def test_number_of_calls(student, draw):
    """calls the forward method of each layer once, on the whole batch, and nothing else"""
    over_there, layers = stacked(student, draw, 2)
    x = draw.normal(5, 2)
    value = student.compose_flows(over_there, x)
    calls = [(layer.n_forward, layer.n_inverse) for layer in layers]
    once_right(value, oracle.compose_flows(layers, x))
    is_true(calls == [(1, 0)] * 4, f"calls of forward and inverse: {calls}")


@aspect("edges")
def test_one_layer_twice(student, draw):
    """takes a layer that is in the stack more than once"""
    layer = stretch(draw, 2)
    over_there = theirs(student, layer)
    agree(student, [over_there, over_there], [layer, layer], 0.5 * draw.normal(4, 2))


@aspect("conventions")
def test_results_of_layers(student, draw):
    """leaves what the layers return as it was"""
    x, log_dets = draw.normal(4, 2), [draw.normal(4), draw.normal(4)]
    # each returns the very same tensors whenever it is called
    methods = [
        student.new("unittest.mock.Mock", return_value=(draw.normal(4, 2), each))
        for each in log_dets
    ]
    layers = [student.new("types.SimpleNamespace", forward=method) for method in methods]
    for _ in range(2):
        close(student.compose_flows(layers, x)[1], log_dets[0] + log_dets[1])
    same([method.return_value[1] for method in methods], log_dets)


@aspect("conventions")
def test_list(student, draw):
    """leaves the list of layers as it was"""
    over_there, layers = stacked(student, draw, 2)
    x = draw.normal(3, 2)
    once_right(student.compose_flows(over_there, x), oracle.compose_flows(layers, x))
    inputs_unchanged(student)


def bent(x):
    return x + x.tanh(), (2 - x.tanh() ** 2).log().flatten(1).sum(1)


def compose_flows(x):
    """Two layers that bend each coordinate, in the precision of x."""
    h, first = bent(x)
    z, second = bent(h)
    return z, first + second


def two_layers(student):
    return [student.new("types.SimpleNamespace", forward=bent) for _ in range(2)]


globals().update(
    completed(
        usual_checks(compose_flows, lambda draw: (draw.normal(3, 4),)),
        "compose_flows",
        two_layers,
    )
)
