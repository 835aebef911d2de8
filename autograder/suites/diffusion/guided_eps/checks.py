"""Hidden checks: classifier-free guidance."""

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    parameter_gradients,
    same_gradients,
    twin_networks,
    usual_checks,
)
from autograder.suites.diffusion.guided_eps import oracle
from autograder.suites.diffusion.noisy_data import ONES, SHAPES, Smooth

ASPECTS = {"values": 0.65, "gradients": 0.15, "edges": 0.12, "conventions": 0.08}

NULL = 10


def given(draw, *shape, w=2.5):
    t, labels = draw.integers(0, 20, shape[0]), draw.integers(0, 10, shape[0])
    return Smooth(draw), draw.normal(*shape), t, labels, NULL, w


def agree(student, *args):
    close(student.guided_eps(*args), oracle.guided_eps(*args))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    once_right(student.guided_eps(*args), oracle.guided_eps(*args))


@SHAPES
def test_values(student, draw, shape):
    """is right for any axes, each sample with its own step and label"""
    agree(student, *given(draw, *shape))


@pytest.mark.parametrize("w", [0.3, 1.5, 7.0])
def test_weights(student, draw, w):
    """goes as far as the weight says, between the two estimates and beyond"""
    agree(student, *given(draw, 5, 3, w=w))


@pytest.mark.parametrize("w", [0.0, 1.0])
def test_convention(student, draw, w):
    """is the estimate without the class for w = 0, and the one with it for w = 1"""
    network, x_t, t, labels, null_label, _ = given(draw, 5, 3)
    wanted = network(x_t, t, labels if w else torch.full_like(labels, null_label))
    close(student.guided_eps(network, x_t, t, labels, null_label, w), wanted)


def test_null_label(student, draw):
    """asks for the null label that it is given"""
    network, x_t, t, labels, _, w = given(draw, 5, 3)
    for null_label in (0, 4, 37, -1):
        agree(student, network, x_t, t, labels, null_label, w)


def test_calls(student, draw):
    """asks the network twice for the batch, or once for both halves, with x_t, t and labels as they
    are
    """
    network, x_t, t, labels, null_label, w = given(draw, 5, 2)
    watched = Watched(network)

    def named(x, t, labels=None):
        return watched(x, t, labels)

    value = student.guided_eps(named, x_t, t, labels, null_label, w)
    close(value, oracle.guided_eps(network, x_t, t, labels, null_label, w))
    is_true(sum(len(call[0]) for call in watched.calls) == 10, "rows asked for")
    is_true(len(watched.calls) in (1, 2), f"{len(watched.calls)} calls")
    for call in watched.calls:
        is_true(call[2] is not None, "called without labels")
        x, at, which = call
        is_true(at.dtype == which.dtype == torch.int64, "t or labels are not int64")
        n = len(x) // 5
        is_true(tuple(x.shape) == (5 * n, 2) and len(at) == len(which) == 5 * n)
        close(x, x_t.repeat(n, 1))
        close(at, t.repeat(n))


@aspect("gradients")
@pytest.mark.parametrize("w", [0.0, 1.0, 2.5])
def test_gradients(student, draw, w):
    """sends the right gradient to x_t, through both estimates"""
    network, x_t, *rest = given(draw, 4, 3, w=w)
    same_gradients(
        lambda x_t: student.guided_eps(network, x_t, *rest),
        lambda x_t: oracle.guided_eps(network, x_t, *rest),
        x_t,
    )


SOURCE = """lambda net: lambda x, t, labels: net(
    x * (1 + labels[:, None] / 5) + t[:, None] / 10
)"""


@aspect("gradients")
def test_parameter_gradients(student, draw):
    """sends the right gradients to the parameters of the network, through both estimates"""
    theirs, twin = twin_networks(student, draw, ("Linear", 3, 4), ("Tanh",), ("Linear", 4, 3))
    _, *rest = given(draw, 4, 3)
    actual = student.guided_eps(student.new("builtins.eval", SOURCE)(theirs), *rest)
    expected = oracle.guided_eps(eval(SOURCE)(twin), *rest)
    close(actual, expected)
    is_true(actual.requires_grad, "no gradient")
    cotangent = torch.linspace(1.5, 0.5, expected.numel()).double().reshape(expected.shape)
    actual.backward(cotangent)
    expected.backward(cotangent)
    close(*parameter_gradients(student, theirs, twin))


@aspect("edges")
@pytest.mark.parametrize("w", [-1.5, 100.0, 3])
def test_other_weights(student, draw, w):
    """takes negative, large and whole weights"""
    right_in_general(student, draw)
    agree(student, *given(draw, 5, 3, w=w))


@aspect("edges")
def test_no_label(student, draw):
    """is the plain estimate where the label is the null label"""
    right_in_general(student, draw)
    network, x_t, t, labels, null_label, w = given(draw, 5, 3)
    labels = torch.where(torch.tensor([True, False, True, False, True]), null_label, labels)
    agree(student, network, x_t, t, labels, null_label, w)


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape))


@aspect("conventions")
def test_by_position(student, draw):
    """calls the network as network(x_t, t, labels), by position: its arguments may have any
    names
    """
    right_in_general(student, draw)
    network, *rest = given(draw, 4, 3)
    agree(student, lambda image, step, which: network(image, step, which), *rest)


globals().update(usual_checks(oracle.guided_eps, lambda draw: given(draw, 3, 2, 4)))
