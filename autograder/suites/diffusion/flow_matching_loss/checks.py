"""Hidden checks: the loss of flow matching."""

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
from autograder.suites.diffusion.flow_matching_loss import oracle
from autograder.suites.diffusion.interpolant import oracle as path
from autograder.suites.diffusion.probability_paths import (
    Place,
    same_parameter_gradients,
    timed_twins,
)
from autograder.suites.diffusion.velocity_target import oracle as target

ASPECTS = {"values": 0.45, "gradients": 0.35, "edges": 0.12, "conventions": 0.08}


def given(draw, *shape):
    return draw.normal(*shape), 2 * draw.normal(*shape), draw.uniform(shape[0])


def agree(student, *call):
    close(student.flow_matching_loss(*call), oracle.flow_matching_loss(*call))


def right_in_general(student, draw):
    call = Place.of(draw, 3), *given(draw, 4, 3), 0.2
    once_right(student.flow_matching_loss(*call), oracle.flow_matching_loss(*call))


@pytest.mark.parametrize("shape", [(6, 3), (5, 2, 4, 3), (7,)], ids=str)
def test_loss(student, draw, shape):
    """is the mean squared error of the velocity over all elements"""
    agree(student, Place.of(draw, *shape[1:]), *given(draw, *shape))


@pytest.mark.parametrize("sigma_min", [0.15, 0.7])
def test_sigma(student, draw, sigma_min):
    """takes sigma_min for the path and for its velocity"""
    agree(student, Place.of(draw, 4), *given(draw, 5, 4), sigma_min)


def test_zero(student, draw):
    """is zero for a network that knows the velocity, and positive for one that is off"""
    x_0, x_1, t = given(draw, 5, 3)
    velocity = target.velocity_target(x_0, x_1, 0.1)
    close(student.flow_matching_loss(lambda x, t: velocity.to(x), x_0, x_1, t, 0.1), 0.0)
    for off in (3.0, -0.5):
        loss = student.flow_matching_loss(lambda x, t, o=off: velocity.to(x) + o, x_0, x_1, t, 0.1)
        close(loss, off**2)


def test_call(student, draw):
    """calls the network once, on the points of the path, with the times as they are"""
    for shape, sigma_min in (((5, 3), 0.0), ((4, 1, 2, 2), 0.3)):
        x_0, x_1, t = given(draw, *shape)
        watched = Watched(Place.of(draw, *shape[1:]))
        loss = student.flow_matching_loss(watched, x_0, x_1, t, sigma_min)
        is_true(len(watched.calls) == 1, f"{len(watched.calls)} calls")
        is_true(len(watched.calls[0]) == 2, "other arguments")
        close(watched.calls[0][0], path.interpolant(x_0, x_1, t, sigma_min))
        close(watched.calls[0][1], t)
        close(loss, oracle.flow_matching_loss(watched.function, x_0, x_1, t, sigma_min))


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_parameter_gradients(student, draw, sigma_min):
    """sends the right gradients to the parameters of the network"""
    net, ours, theirs, twin = timed_twins(student, draw, 3)
    call = *given(draw, 5, 3), sigma_min
    same_parameter_gradients(
        *(student, theirs, twin),
        student.flow_matching_loss(net, *call),
        oracle.flow_matching_loss(ours, *call),
    )


@aspect("gradients")
@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_gradients(student, draw, sigma_min):
    """sends the right gradients to noise, data and times"""
    network = Place.of(draw, 3)
    same_gradients(
        lambda x_0, x_1, t: student.flow_matching_loss(network, x_0, x_1, t, sigma_min),
        lambda x_0, x_1, t: oracle.flow_matching_loss(network, x_0, x_1, t, sigma_min),
        *given(draw, 4, 3),
    )


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves the network in its mode, and its running statistics after one forward pass"""
    right_in_general(student, draw)
    net, ours, theirs, twin = timed_twins(student, draw, 3, statistics=True)
    theirs.train(training)
    twin.train(training)
    call = given(draw, 6, 3)
    value = student.flow_matching_loss(net, *call)
    close(value, oracle.flow_matching_loss(ours, *call))
    is_true(theirs.training is training and theirs[1].training is training)
    close(dict(theirs.state_dict()), dict(twin.state_dict()))


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (1,), (4, 1), (1, 1, 1, 1)], ids=str)
def test_one(student, draw, shape):
    """works for a batch of one and for samples of one number"""
    right_in_general(student, draw)
    agree(student, Place.of(draw, *shape[1:]), *given(draw, *shape), 0.1)


@aspect("edges")
def test_range(student, draw):
    """takes times at both ends, and errors of any size"""
    right_in_general(student, draw)
    x_0, x_1, _ = given(draw, 4, 3)
    times = torch.tensor([0.0, 1.0, 1.0, 0.0], dtype=torch.float64)
    agree(student, Place.of(draw, 3), x_0, x_1, times, 0.1)
    agree(student, Place.of(draw, 3), x_0, 1e4 * x_1, times)
    agree(student, lambda x, t: 0 * x, x_0, x_0, times, 0)


def calls(draw):
    """Points and images."""
    yield Place.of(draw, 3), *given(draw, 5, 3)
    yield Place.of(draw, 1, 2, 4), *given(draw, 3, 1, 2, 4), 0.1


globals().update(usual_checks(oracle.flow_matching_loss, calls))
