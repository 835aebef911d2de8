"""Hidden checks: the simple loss."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    has_shape,
    is_true,
    once_right,
    parameter_gradients,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.simple_loss import oracle

ASPECTS = {"values": 0.45, "training": 0.3, "edges": 0.15, "conventions": 0.1}


def inputs(draw, shape, n_steps=7):
    return process.forward_inputs(draw, shape, n_steps)


def agree(student, theirs, ours, *given):
    close(student.simple_loss(theirs, *given), oracle.simple_loss(ours, *given), rtol=1e-6)


def judged(student, draw):
    network, given = process.fields(draw, 3), inputs(draw, (4, 3))
    once_right(student.simple_loss(network, *given), oracle.simple_loss(network, *given))
    return network, given


@pytest.mark.parametrize("shape", [(5, 3, 4, 2), (4, 3), (3, 2, 1, 2, 2), (2, 2, 2, 2)])
def test_values(student, draw, shape):
    """is the mean squared error of the noise, over the batch and all numbers of a sample"""
    agree(student, *2 * (process.fields(draw, shape[-1]),), *inputs(draw, shape))


def test_network_input(student, draw):
    """calls the network once, with x_t and the steps that it is given"""
    calls, x_t = [], []
    x_0, t, eps, alpha_bar = inputs(draw, (6, 2, 3))

    def network(x, t):
        calls.append(t)
        x_t.append(x)
        return 0.5 * x

    agree(student, network, lambda x, t: 0.5 * x, x_0, t, eps, alpha_bar)
    is_true(len(calls) == 1, f"{len(calls)} calls")
    same(calls[0], t)
    has_dtype(calls[0], torch.int64)
    close(x_t[0], _x_t(x_0, t, eps, alpha_bar), rtol=1e-6)


def _x_t(x_0, t, eps, alpha_bar):
    at = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at.sqrt() * x_0 + (1 - at).sqrt() * eps


def test_perfect(student, draw):
    """is 0 for a network that knows the data, and only for one"""
    x_0, t, eps, alpha_bar = inputs(draw, (5, 4))
    at = alpha_bar[t][:, None]
    for shift in (0.0, 2.0):
        loss = student.simple_loss(
            lambda x, t, shift=shift: (x - at.sqrt() * x_0) / (1 - at).sqrt() + shift,
            *(x_0, t, eps, alpha_bar),
        )
        close(loss, torch.tensor(shift**2), rtol=1e-6, atol=1e-9)


def test_float32_images(student, draw):
    """gives the network float32 images for a float64 schedule"""
    given = process.mixed_precision(*inputs(draw, (4, 1, 3, 3)), schedule=3)
    dtypes = []

    def network(x, t):
        dtypes.append(x.dtype)
        return x * 0.5

    loss = student.simple_loss(network, *given)
    close(loss, oracle.simple_loss(lambda x, t: x * 0.5, *given), rtol=1e-4)
    has_dtype(loss, torch.float32)
    is_true(dtypes[0] == torch.float32, f"{dtypes[0]}")


@aspect("training")
@pytest.mark.parametrize("n", [1, 5])
def test_parameter_gradients(student, draw, n):
    """sends the right gradients to the network's parameters"""
    theirs, module, ours, twin = process.timed_networks(student, draw, 3)
    given = inputs(draw, (n, 3))
    for loss in (student.simple_loss(theirs, *given), oracle.simple_loss(ours, *given)):
        is_true(loss.requires_grad, "no gradient")
        loss.backward()
    close(*parameter_gradients(student, module, twin))


@aspect("training")
def test_gradients(student, draw):
    """sends the right gradients to the data, the noise and the schedule, through the network too"""
    x_0, t, eps, alpha_bar = inputs(draw, (4, 3))
    network = process.fields(draw, 3)
    same_gradients(
        lambda x_0, eps, alpha_bar: student.simple_loss(network, x_0, t, eps, alpha_bar),
        lambda x_0, eps, alpha_bar: oracle.simple_loss(network, x_0, t, eps, alpha_bar),
        *(x_0, eps, alpha_bar),
    )


@aspect("training")
@pytest.mark.parametrize("training", [True, False])
def test_mode(student, draw, training):
    """leaves the network in the mode that it is in, and runs it once in that mode"""
    theirs, module, ours, twin = process.timed_networks(
        student, draw, 3, ("BatchNorm1d", 3), statistics=True
    )
    given = inputs(draw, (6, 3))
    module.train(training)
    twin.train(training)
    agree(student, theirs, ours, *given)
    is_true(student.new("operator.attrgetter", "training")(module) is training, "another mode")
    mean = student.new("operator.attrgetter", "running_mean")(module[1])
    close(mean, twin[1].running_mean)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (2, 1)])
def test_one(student, draw, shape):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    given = inputs(draw, shape)
    network = process.fields(draw, shape[-1])
    loss = student.simple_loss(network, *given)
    close(loss, oracle.simple_loss(network, *given), rtol=1e-6)
    has_shape(loss)


@aspect("edges")
def test_numbers(student, draw):
    """works for data without axes after the batch"""
    judged(student, draw)
    agree(student, *2 * (lambda x, t: x.sin() * (t + 1),), *inputs(draw, (5,)))


@aspect("edges")
def test_large_errors(student, draw):
    """takes large errors as they are"""
    judged(student, draw)
    agree(student, *2 * (lambda x, t: 1e3 * x,), *inputs(draw, (4, 3)))


@aspect("conventions")
def test_frozen(student, draw):
    """works for a frozen network, leaves it frozen, and keeps no graph then"""
    theirs, module, ours, _ = process.timed_networks(student, draw, 3)
    module.requires_grad_(False)
    given = inputs(draw, (4, 3))
    loss = student.simple_loss(theirs, *given)
    once_right(loss, oracle.simple_loss(ours, *given))
    is_true(not loss.requires_grad, "a graph")
    is_true(student.new("operator.attrgetter", "weight.requires_grad")(module[0]) is False)


@aspect("conventions")
def test_by_position(student, draw):
    """calls the network as network(x_t, t), by position: its arguments may have any names"""
    judged(student, draw)
    agree(student, *2 * (lambda image, step: image.sin(),), *inputs(draw, (4, 3)))


def usual_inputs(draw):
    weight = draw.uniform(low=0.3, high=0.8)
    return (
        lambda x, t: x.sin() * float(weight) * (1 + t.to(x.dtype))[:, None, None],
        *inputs(draw, (4, 3, 2)),
    )


globals().update(usual_checks(oracle.simple_loss, usual_inputs))
