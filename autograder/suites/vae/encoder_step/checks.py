"""Hidden checks: one step of the encoder on the moment penalty.

The encoder lives in the student's process; its twin, with the same weights, takes the oracle's step
here.
"""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    follows_device,
    inputs_unchanged,
    is_true,
    number,
    once_right,
    same,
    sgd,
    twin_networks,
)
from autograder.suites.vae.encoder_step import oracle
from autograder.suites.vae.moment_penalty import oracle as moment_penalty_oracle

ASPECTS = {"training": 0.55, "values": 0.2, "edges": 0.15, "conventions": 0.1}

LINEAR = [("Linear", 6, 3)]
DEEP = [
    ("Conv2d", 1, 2, 3),
    ("BatchNorm2d", 2),
    ("Tanh",),
    ("Flatten",),
    ("Linear", 12, 4),
    ("BatchNorm1d", 4),
]
"""For images of 4 x 5."""


def twins(student, draw, layers=LINEAR, **options):
    """An encoder in the student's process and its twin here, as the lab has them, in float32."""
    theirs, twin = twin_networks(student, draw, *layers, **options)
    return theirs.float(), twin.float()


def batch(draw, *shape):
    return draw.normal(*(shape or (32, 6)), dtype=torch.float32)


def both_step(student, theirs, twin, x, lr=0.01, **options):
    """A step there and one here, with plain gradient descent."""
    optimizer, mine = sgd(student, theirs, twin, lr, **options)
    value = student.encoder_step(theirs, optimizer, x)
    oracle.encoder_step(twin, mine, x)
    return value


def parameters_of(network):
    """Weights and biases by name, without the running statistics of batch norm."""
    return {
        name: value
        for name, value in dict(network.state_dict()).items()
        if name.endswith(("weight", "bias"))
    }


def statistics_of(network):
    """The running statistics of batch norm by name."""
    return {
        name: value
        for name, value in dict(network.state_dict()).items()
        if not name.endswith(("weight", "bias"))
    }


@aspect("training")
def test_step(student, draw):
    """moves the encoder by one step down the penalty"""
    theirs, twin = twins(student, draw)
    both_step(student, theirs, twin, batch(draw))
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-5)


@aspect("training")
@after(test_step)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that another loss left in the encoder"""
    (theirs, _), (clean, twin) = (twins(student, draw) for _ in range(2))
    clean.load_state_dict(theirs.state_dict())
    x = batch(draw)
    theirs(x).square().sum().backward()
    for encoder in (theirs, clean):
        student.encoder_step(encoder, sgd(student, encoder, twin, lr=0.01)[0], x)
    close(theirs.state_dict(), dict(clean.state_dict()), rtol=1e-5, atol=1e-6)


@aspect("training")
@pytest.mark.parametrize(
    "optimizer, options",
    [("SGD", {"lr": 0.002, "momentum": 0.9}), ("Adam", {"lr": 0.05, "betas": (0.5, 0.9)})],
)
def test_optimizer(student, draw, optimizer, options):
    """leaves the step to the optimizer that it is given, one for each call"""
    theirs, twin = twins(student, draw)
    given = student.new(f"torch.optim.{optimizer}", theirs.parameters(), **options)
    mine = getattr(torch.optim, optimizer)(twin.parameters(), **options)
    for _ in range(3):
        x = batch(draw)
        student.encoder_step(theirs, given, x)
        oracle.encoder_step(twin, mine, x)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-2, atol=1e-3)


@aspect("training")
def test_layers(student, draw):
    """moves every layer of a deep encoder of images, with batch norm in its training mode"""
    theirs, twin = twins(student, draw, DEEP, scale=0.5)
    both_step(student, theirs, twin, batch(draw, 24, 1, 4, 5))
    close(parameters_of(theirs), parameters_of(twin), rtol=1e-3, atol=1e-4)


def test_penalty(student, draw):
    """returns the penalty of the codes as they were before the step"""
    theirs, twin = twins(student, draw)
    x = batch(draw)
    with torch.no_grad():
        before = float(moment_penalty_oracle.moment_penalty(twin(x)))
    close(number(both_step(student, theirs, twin, x)), before, rtol=1e-3)


@aspect("edges")
def test_one_pass(student, draw):
    """sends the batch through the encoder once, in training mode if it is in that: the statistics
    of batch norm move once
    """
    theirs, twin = twins(student, draw, DEEP, scale=0.5, statistics=True)
    both_step(student, theirs, twin, batch(draw, 24, 1, 4, 5))
    close(statistics_of(theirs), statistics_of(twin), rtol=1e-3, atol=1e-4)


@aspect("edges")
def test_eval_mode(student, draw):
    """uses the encoder in the mode that it is in, eval too, and leaves it in that mode"""
    theirs, twin = twins(student, draw, DEEP, scale=0.5, statistics=True)
    theirs.eval()
    twin.eval()
    x = batch(draw, 24, 1, 4, 5)
    with torch.no_grad():
        expected = float(moment_penalty_oracle.moment_penalty(twin(x)))
    before = statistics_of(theirs)
    close(number(both_step(student, theirs, twin, x)), expected, rtol=1e-3)
    same(statistics_of(theirs), before)
    is_true(not any(module.training for module in student.new("builtins.list", theirs.modules())))


@aspect("edges")
def test_frozen(student, draw):
    """leaves frozen parameters frozen and as they are, and moves the others"""
    theirs, twin = twins(student, draw, [("Linear", 6, 4), ("Tanh",), ("Linear", 4, 3)])
    theirs[0].requires_grad_(False)
    student.encoder_step(theirs, sgd(student, theirs, twin)[0], batch(draw))
    after, before = theirs.state_dict(), twin.state_dict()
    same(after["0.weight"], before["0.weight"])
    is_true(not torch.equal(after["2.weight"], before["2.weight"]))
    asks = student.new("operator.attrgetter", "weight.requires_grad")
    is_true(not asks(theirs[0]) and asks(theirs[2]))


@aspect("edges")
def test_steep(student, draw):
    """takes the whole step where the penalty is steep: no gradient is clipped"""
    theirs, twin = twins(student, draw, scale=1000.0)
    both_step(student, theirs, twin, batch(draw), lr=1e-2)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-3)


@aspect("conventions")
@after(test_step)
def test_detached(student, draw):
    """returns the penalty without its graph, as a 0-d tensor or a float"""
    theirs, twin = twins(student, draw)
    value = both_step(student, theirs, twin, batch(draw))
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@aspect("conventions")
def test_only_the_encoder(student, draw):
    """changes nothing but the encoder: not its batch, not the optimizer's settings, not even
    gradients of a decoder behind it
    """
    theirs, twin = twins(student, draw)
    decoder = student.new("torch.nn.Linear", 3, 6)
    optimizer, _ = sgd(student, theirs, twin, lr=0.01)
    x = batch(draw)
    decoder(theirs(x)).square().mean().backward()
    gradient_of = student.new("operator.attrgetter", "weight.grad")
    before, gradient = decoder.state_dict(), gradient_of(decoder)
    student.encoder_step(theirs, optimizer, x)
    inputs_unchanged(student)
    same(decoder.state_dict(), before)
    same(gradient_of(decoder), gradient)
    is_true(optimizer.param_groups[0]["lr"] == 0.01)
    is_true(not torch.equal(theirs.state_dict()["0.weight"], twin.state_dict()["0.weight"]))


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of the encoder and its batch, float64 too"""
    theirs, twin = twin_networks(student, draw, *LINEAR)
    both_step(student, theirs, twin, draw.normal(32, 6))
    once_right(theirs.state_dict(), dict(twin.state_dict()))
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-7, atol=1e-9)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of the encoder and its batch"""
    theirs, twin = twin_networks(student, draw, *LINEAR)
    x = draw.normal(32, 6)
    expected = float(moment_penalty_oracle.moment_penalty(twin(x).detach()))

    def step(x):
        theirs.load_state_dict(twin.state_dict())
        there = theirs.to(x.device)
        optimizer = student.new("torch.optim.SGD", there.parameters(), lr=0.01)
        return number(student.encoder_step(there, optimizer, x))

    once_right(step(x), expected)
    follows_device(step, lambda x: expected, x)
