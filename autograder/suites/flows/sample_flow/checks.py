"""Hidden checks: samples of a flow. The flow is a module in the student's process whose methods ask
a layer here.
"""

import pytest

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.plane_flows import completed, mixing, stretch, theirs
from autograder.suites.flows.sample_flow import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def flows(student, draw, *shape, kind=stretch):
    """A flow in the student's process, and here."""
    layer = kind(draw, *shape)
    return theirs(student, layer), layer


def test_values(student, draw):
    """is the inverse of the flow at the noise that it is given"""
    over_there, layer = flows(student, draw, 3)
    eps = draw.normal(5, 3)
    close(student.sample_flow(over_there, eps), oracle.sample_flow(layer, eps))
    close(layer.forward(student.sample_flow(over_there, eps))[0], eps)


@pytest.mark.parametrize("temperature", [0.2, 0.7, 1.0, 3.0])
def test_temperature(student, draw, temperature):
    """scales the noise by the temperature, before the inverse"""
    over_there, layer = flows(student, draw, 3)
    eps = draw.normal(5, 3)
    expected = oracle.sample_flow(layer, eps, temperature)
    close(student.sample_flow(over_there, eps, temperature), expected)
    close(student.sample_flow(over_there, eps, temperature=temperature), expected)


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (3, 2, 2, 4), (1, 1, 3, 3)])
def test_sizes(student, draw, shape):
    """takes a batch of one sample, samples of one coordinate, and images (B, C, H, W)"""
    over_there, layer = flows(student, draw, *shape[1:], kind=mixing)
    eps = draw.normal(*shape)
    close(student.sample_flow(over_there, eps, 0.8), oracle.sample_flow(layer, eps, 0.8))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to the noise"""
    over_there, layer = flows(student, draw, 3)
    for temperature in (1.0, 0.6):
        same_gradients(
            lambda eps, t=temperature: student.sample_flow(over_there, eps, t),
            lambda eps, t=temperature: oracle.sample_flow(layer, eps, t),
            draw.normal(4, 3),
        )


@aspect("edges")
@after(test_values)
def test_zero(student, draw):
    """gives f^{-1}(0) for every sample at temperature 0"""
    over_there, layer = flows(student, draw, 3)
    eps = draw.normal(4, 3)
    for zero in (0.0, 0):
        close(student.sample_flow(over_there, eps, zero), layer.inverse(0 * eps))


@aspect("edges")
@after(test_values)
def test_size_of_the_noise(student, draw):
    """takes the noise as it is, however large"""
    over_there, layer = flows(student, draw, 3)
    eps = 50 * draw.normal(4, 3)
    close(student.sample_flow(over_there, eps), oracle.sample_flow(layer, eps))


@aspect("edges")
def test_number_of_calls(student, draw):
    """calls the flow's inverse once, on the whole batch, and nothing else"""
    over_there, layer = flows(student, draw, 2)
    eps = draw.normal(5, 2)
    value = student.sample_flow(over_there, eps, 0.5)
    calls = layer.n_forward, layer.n_inverse
    once_right(value, oracle.sample_flow(layer, eps, 0.5))
    is_true(calls == (0, 1), f"calls of forward and inverse: {calls}")


def bent(z):
    return z + z.tanh()


class Bent:
    inverse = staticmethod(bent)


def sample_flow(eps, temperature):
    return oracle.sample_flow(Bent, eps, temperature)


globals().update(
    completed(
        usual_checks(sample_flow, lambda draw: (draw.normal(3, 4), 0.7)),
        "sample_flow",
        lambda student: student.new("types.SimpleNamespace", inverse=bent),
    )
)
