"""Hidden checks: one step of the encoder on the moment penalty.

The encoder lives in the student's process; its twin, with the same weights, takes the oracle's step
here.
"""

import torch

from autograder.checks import close, is_true, number, same, weight
from autograder.suites.vae.encoder_step import oracle
from autograder.suites.vae.moment_penalty import oracle as moment_penalty_oracle


def twins(student, draw):
    """An encoder (6 -> 3) in the student's process and its twin here, with the same random
    weights.
    """
    twin = torch.nn.Linear(6, 3)
    with torch.no_grad():
        twin.weight.copy_(draw.normal(3, 6))
        twin.bias.copy_(draw.normal(3))
    theirs = student.new("torch.nn.Linear", 6, 3)
    theirs.load_state_dict(twin.state_dict())
    return theirs, twin


def codes(draw, batch=32):
    return draw.normal(batch, 6, dtype=torch.float32)


@weight(3)
def test_step(student, draw):
    """moves the encoder by one step down the penalty"""
    theirs, twin = twins(student, draw)
    x = codes(draw)
    student.encoder_step(theirs, student.new("torch.optim.SGD", theirs.parameters(), lr=0.01), x)
    oracle.encoder_step(twin, torch.optim.SGD(twin.parameters(), lr=0.01), x)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-5)


@weight(2)
def test_penalty(student, draw):
    """returns the penalty of the codes as they were before the step"""
    theirs, twin = twins(student, draw)
    x = codes(draw)
    value = student.encoder_step(
        theirs, student.new("torch.optim.SGD", theirs.parameters(), lr=0.01), x
    )
    with torch.no_grad():
        close(number(value), float(moment_penalty_oracle.moment_penalty(twin(x))), rtol=1e-3)


def test_detached(student, draw):
    """returns the penalty without its graph"""
    theirs, _ = twins(student, draw)
    value = student.encoder_step(
        theirs, student.new("torch.optim.SGD", theirs.parameters(), lr=0.01), codes(draw)
    )
    number(value)
    is_true(not (isinstance(value, torch.Tensor) and value.requires_grad))


@weight(2)
def test_leftover_gradients(student, draw):
    """is not misled by gradients that another loss left in the encoder"""
    theirs, twin = twins(student, draw)
    x = codes(draw)
    theirs(x).square().sum().backward()
    student.encoder_step(theirs, student.new("torch.optim.SGD", theirs.parameters(), lr=0.01), x)
    oracle.encoder_step(twin, torch.optim.SGD(twin.parameters(), lr=0.01), x)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-5)


def test_several_steps(student, draw):
    """takes exactly one step for each call, with an optimizer that remembers"""
    theirs, twin = twins(student, draw)
    optimizer = student.new("torch.optim.SGD", theirs.parameters(), lr=0.002, momentum=0.9)
    mine = torch.optim.SGD(twin.parameters(), lr=0.002, momentum=0.9)
    for _ in range(3):
        x = codes(draw)
        student.encoder_step(theirs, optimizer, x)
        oracle.encoder_step(twin, mine, x)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-2, atol=1e-4)


def test_deep_encoder(student, draw):
    """moves every layer of a deeper encoder, for images too"""
    theirs, twin = twins(student, draw)
    layers = ["torch.nn.Flatten"], ["torch.nn.Tanh"]
    deep = student.new(
        "torch.nn.Sequential", student.new(*layers[0]), theirs, student.new(*layers[1])
    )
    mine = torch.nn.Sequential(torch.nn.Flatten(), twin, torch.nn.Tanh())
    x = draw.normal(32, 1, 2, 3, dtype=torch.float32)
    student.encoder_step(deep, student.new("torch.optim.SGD", deep.parameters(), lr=0.01), x)
    oracle.encoder_step(mine, torch.optim.SGD(mine.parameters(), lr=0.01), x)
    close(theirs.state_dict(), dict(twin.state_dict()), rtol=1e-3, atol=1e-5)


def test_only_the_encoder(student, draw):
    """changes nothing but the encoder, not even gradients of a decoder behind it"""
    theirs, _ = twins(student, draw)
    decoder = student.new("torch.nn.Linear", 3, 6)
    x = codes(draw)
    decoder(theirs(x)).square().mean().backward()
    gradient_of = student.new("operator.attrgetter", "weight.grad")
    before, gradient, old = decoder.state_dict(), gradient_of(decoder), theirs.state_dict()
    student.encoder_step(theirs, student.new("torch.optim.SGD", theirs.parameters(), lr=0.01), x)
    same(decoder.state_dict(), before)
    same(gradient_of(decoder), gradient)
    is_true(not torch.equal(theirs.state_dict()["weight"], old["weight"]))
