"""Hidden checks: the average of weights over training.

Both networks are in the student's process, and have their twins here.
"""

import pytest
import torch

from autograder.checks import aspect, close, is_true, refuses, same, twin_networks
from autograder.suites.diffusion.ema_update import oracle
from autograder.suites.diffusion.probability_paths import layers

ASPECTS = {"values": 0.55, "networks": 0.25, "edges": 0.2}


class Pair:
    """An average and a network over there, and their twins here, all with random weights."""

    def __init__(self, student, draw, *kinds):
        self.student, self.draw = student, draw
        kinds = kinds or layers(3, statistics=True)
        self.averaged, self.twin = twin_networks(student, draw, *kinds, statistics=True)
        self.network, self.now = twin_networks(student, draw, *kinds, statistics=True)

    def update(self, step, gamma):
        """On both sides; what the student's returned."""
        oracle.ema_update(self.twin, self.now, step, gamma)
        return self.student.ema_update(self.averaged, self.network, step, gamma)

    def train(self):
        """New weights and statistics for the network."""
        state = {
            name: self.draw.normal(*value.shape) if value.is_floating_point() else value + 1
            for name, value in self.now.state_dict().items()
        }
        for network in (self.network, self.now):
            network.load_state_dict(state)

    def agree(self, *, precise=False):
        close(
            dict(self.averaged.state_dict()),
            dict(self.twin.state_dict()),
            *((1e-9, 1e-10) if precise else ()),
        )


def parameters(pair):
    """The parameters of the average over there, and of its twin."""
    names = [name for name, _ in pair.twin.named_parameters()]
    found, twin = dict(pair.averaged.state_dict()), dict(pair.twin.state_dict())
    return {n: found[n] for n in names}, {n: twin[n].detach() for n in names}


def right_in_general(student, draw):
    pair = Pair(student, draw, ("Linear", 3, 2))
    pair.update(4, 1.5)
    pair.agree()


@pytest.mark.parametrize("gamma", [0.0, 1.0, 6.94])
@pytest.mark.parametrize("step", [2, 3, 10, 1000])
def test_step(student, draw, step, gamma):
    """moves every parameter by the right share in each step"""
    pair = Pair(student, draw, ("Linear", 3, 4), ("Tanh",), ("Linear", 4, 2))
    pair.update(step, gamma)
    close(*parameters(pair))


@pytest.mark.parametrize("gamma", [0.0, 3.0])
def test_first_step(student, draw, gamma):
    """becomes a copy of the network in the first step, whatever it was"""
    pair = Pair(student, draw, ("Linear", 3, 4))
    pair.update(1, gamma)
    same(dict(pair.averaged.state_dict()), dict(pair.now.state_dict()))
    right_in_general(student, draw)


def test_mean(student, draw):
    """is the plain mean of all weights so far for gamma = 0"""
    pair, seen = Pair(student, draw, ("Linear", 3, 2)), []
    for step in range(1, 6):
        pair.train()
        seen.append(pair.now[0].weight.detach().clone())
        pair.student.ema_update(pair.averaged, pair.network, step, 0)
    close(pair.averaged.state_dict()["0.weight"], torch.stack(seen).mean(0))


def test_run(student, draw):
    """is right after many steps of training"""
    pair = Pair(student, draw)
    for step in range(1, 8):
        pair.train()
        pair.update(step, 2.0)
    pair.agree()


@aspect("networks")
@pytest.mark.parametrize("step", [1, 2, 5])
def test_buffers(student, draw, step):
    """copies running statistics and counters, of floats and of whole numbers"""
    pair = Pair(student, draw)
    pair.train()
    pair.train()
    pair.update(step, 1.0)
    pair.agree()


@aspect("networks")
def test_network(student, draw):
    """leaves the network as it is, and keeps none of its tensors"""
    pair = Pair(student, draw)
    pair.update(1, 1.0)
    close(dict(pair.network.state_dict()), dict(pair.now.state_dict()))
    pair.train()  # in place: an average that shares tensors would change with it
    pair.agree()


@aspect("networks")
def test_frozen_and_nested(student, draw):
    """averages frozen parameters and those of nested modules too"""
    kinds = ("Linear", 3, 3), ("Tanh",), ("Linear", 3, 3)
    pair = Pair(student, draw, *kinds)
    outer, other = (
        student.new("torch.nn.ModuleDict", {"body": net, "head": net[0]})
        for net in (pair.averaged, pair.network)
    )
    for frozen in (pair.averaged[2], pair.network[2]):
        frozen.requires_grad_(False)
    oracle.ema_update(pair.twin, pair.now, 3, 1.0)
    student.ema_update(outer, other, 3, 1.0)
    pair.agree()


@aspect("networks")
def test_shared(student, draw):
    """averages a parameter once that two modules share"""
    pair = Pair(student, draw, ("Linear", 3, 3))
    tied = [
        student.new("torch.nn.Sequential", net[0], student.new("torch.nn.Tanh"), net[0])
        for net in (pair.averaged, pair.network)
    ]
    oracle.ema_update(pair.twin, pair.now, 3, 1.0)
    student.ema_update(*tied, 3, 1.0)
    pair.agree()


@aspect("edges")
@pytest.mark.parametrize("needs", [True, False], ids=["trainable", "frozen"])
def test_flags(student, draw, needs):
    """keeps the average's parameters, as leaves that need gradients or not as before"""
    right_in_general(student, draw)
    pair = Pair(student, draw, ("Linear", 3, 2))
    pair.averaged.requires_grad_(needs)
    pair.update(2, 1.0)
    pair.agree()
    program = (
        "lambda update, a, n: (lambda w, v: [update(a, n, 3, 1.0), a[0].weight is w,"
        " a[0].weight.data_ptr() == v, a[0].weight.is_leaf, a[0].weight.requires_grad][1:])"
        "(a[0].weight, a[0].weight.data_ptr())"
    )
    call = student.new("builtins.eval", program)
    found = list(call(student.ema_update, pair.averaged, pair.network))
    is_true(found == [True, True, True, needs], f"{found}")


@aspect("edges")
def test_gradients_kept(student, draw):
    """leaves the gradients of both networks as they are"""
    right_in_general(student, draw)
    pair = Pair(student, draw, ("Linear", 3, 2))
    x = draw.normal(4, 3)
    for net in (pair.averaged, pair.network):
        net(x).sum().backward()
    getter = student.new("operator.attrgetter", "weight.grad")
    before = [getter(net[0]) for net in (pair.averaged, pair.network)]
    pair.update(2, 1.0)
    after = [getter(net[0]) for net in (pair.averaged, pair.network)]
    is_true(all(isinstance(each, torch.Tensor) for each in after), "no gradients")
    same(after, [torch.as_tensor(each) for each in before])


@aspect("edges")
@pytest.mark.parametrize("modes", [(True, False), (False, True)], ids=["average", "network"])
def test_modes(student, draw, modes):
    """leaves both networks in their modes"""
    right_in_general(student, draw)
    pair = Pair(student, draw)
    for net, training in zip((pair.averaged, pair.network), modes, strict=True):
        net.train(training)
    pair.update(2, 1.0)
    found = [net.training for net in (pair.averaged, pair.network)]
    is_true(found == list(modes) and pair.averaged[1].training is modes[0])


@aspect("edges")
def test_precision(student, draw):
    """keeps float64 in all its digits"""
    right_in_general(student, draw)
    pair = Pair(student, draw, ("Linear", 3, 2))
    pair.update(7, 2.5)
    pair.agree(precise=True)


@aspect("edges")
def test_nothing_returned(student, draw):
    """works in place, for a network without buffers and for one with buffers only"""
    right_in_general(student, draw)
    pair = Pair(student, draw, ("BatchNorm1d", 3, 1e-5, 0.1, False))
    pair.train()
    pair.update(3, 1.0)
    pair.agree()


@aspect("edges")
@pytest.mark.parametrize("step", [0, -1])
def test_refusal(student, draw, step):
    """refuses a step before the first one with a ValueError"""
    right_in_general(student, draw)
    pair = Pair(student, draw, ("Linear", 3, 2))
    refuses(student.ema_update, pair.averaged, pair.network, step, 1.0)
