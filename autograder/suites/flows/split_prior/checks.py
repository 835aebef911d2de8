"""Hidden checks: the split with a learned prior.

The networks are convolutions in the student's process with twins here, or plain functions.
"""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, refuses, same, usual_checks
from autograder.suites.flows.image_flows import flat, networks, prior, same_parts, wavy, weights_of
from autograder.suites.flows.split_prior import oracle

ASPECTS = {"values": 0.45, "images": 0.15, "gradients": 0.2, "edges": 0.1, "conventions": 0.1}


def agree(student, x, theirs=wavy, twin=wavy):
    same_parts(student.split_prior(x, theirs), oracle.split_prior(x, twin))


@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (4, 4, 3, 2), (2, 6, 2, 2)])
def test_values(student, draw, shape):
    """gives what stays, the standardised half that leaves, and its log-density"""
    agree(student, 2 * draw.normal(*shape))


@pytest.mark.parametrize("half", [1, 3])
def test_network(student, draw, half):
    """is right for convolutions far from zero"""
    agree(student, 2 * draw.normal(3, 2 * half, 4, 5), *networks(student, draw, half))


def test_constant_prior(student, draw):
    """is the density of a known normal distribution: mean in the first half of what the network
    returns, log of the standard deviation in the second
    """
    x, mean, log_std = 3 * draw.normal(5, 4, 2, 3), draw.normal(2, 1, 1), draw.normal(2, 1, 1)

    def network(stays):
        return torch.cat([mean.expand_as(stays), log_std.expand_as(stays)], dim=1)

    stays, eps, log_prob = student.split_prior(x, network)
    same(stays, x[:, :2])
    close(eps, (x[:, 2:] - mean) / log_std.exp())
    normal = torch.distributions.Normal(mean, log_std.exp())
    close(log_prob, normal.log_prob(x[:, 2:]).sum(dim=(1, 2, 3)))


@after(test_values)
def test_alone(student, draw):
    """gives each sample its own log-density, whatever else is in the batch"""
    x = 2 * draw.normal(4, 4, 2, 3)
    together = student.split_prior(x, wavy)
    for i in range(4):
        close(student.split_prior(x[i : i + 1], wavy), [part[i : i + 1] for part in together])


@aspect("images")
@pytest.mark.parametrize("shape", [(2, 16, 7, 7), (3, 4, 14, 14), (1, 2, 1, 6)])
def test_images(student, draw, shape):
    """is right for the sizes of the lab, and for height and width that differ"""
    agree(student, draw.normal(*shape))


@aspect("gradients")
@after(test_values)
@pytest.mark.parametrize("shape", [(3, 4, 3, 4), (1, 2, 2, 3)])
def test_gradients(student, draw, shape):
    """sends the right gradients to x and to the network's parameters, through all three results"""
    theirs, twin = networks(student, draw, shape[1] // 2)
    x = draw.normal(*shape)
    found = []
    for split, network in ((student.split_prior, theirs), (oracle.split_prior, twin)):
        leaf = x.clone().requires_grad_()
        result = flat(split(leaf, network))
        (result * torch.linspace(1.5, 0.5, len(result), dtype=result.dtype)).sum().backward()
        found.append([leaf.grad, *weights_of(student, network, gradients=True)])
    close(*found)


@aspect("gradients")
@after(test_values)
def test_density_alone(student, draw):
    """sends the right gradients to x and the network's parameters through the log-density alone"""
    theirs, twin = networks(student, draw, 2)
    x = draw.normal(3, 4, 2, 3)
    found = []
    for split, network in ((student.split_prior, theirs), (oracle.split_prior, twin)):
        leaf = x.clone().requires_grad_()
        (split(leaf, network)[2] * torch.tensor([1.0, -2.0, 0.5]).double()).sum().backward()
        found.append([leaf.grad, *weights_of(student, network, gradients=True)])
    close(*found)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("n_channels", [1, 3, 5])
def test_odd(student, draw, n_channels):
    """raises a ValueError if the number of channels is odd"""
    refuses(student.split_prior, draw.normal(2, n_channels, 2, 2), wavy)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 2, 3, 2), (3, 2, 1, 1), (1, 2, 1, 1)])
def test_smallest(student, draw, shape):
    """works for a batch of one, one channel in each half, and one pixel"""
    agree(student, draw.normal(*shape))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("log_std", [-25.0, 25.0])
def test_extreme_widths(student, draw, log_std):
    """is right for priors that are very narrow or very wide"""
    x = 3 * draw.normal(2, 4, 2, 3)
    agree(student, x, *[prior(0.5, log_std)] * 2)


@aspect("conventions")
@after(test_values)
def test_one_call(student, draw):
    """calls the network once, on what stays"""
    x, calls = draw.normal(3, 4, 2, 2), []

    def network(stays):
        calls.append(stays.detach().clone())
        return wavy(stays)

    student.split_prior(x, network)
    is_true(len(calls) == 1, f"{len(calls)} calls")
    same(calls[0], x[:, :2])


@aspect("conventions")
@after(test_values)
def test_network_stays(student, draw):
    """leaves the network's weights and mode as they were"""
    theirs, _ = networks(student, draw, 2)
    before = [each.detach().clone() for each in weights_of(student, theirs)]
    for training in (True, False):
        theirs.train(training)
        student.split_prior(draw.normal(3, 4, 2, 2), theirs)
        is_true(student.new("operator.attrgetter", "training")(theirs) is training, "mode")
    same(weights_of(student, theirs), before)


globals().update(usual_checks(oracle.split_prior, lambda draw: (draw.normal(3, 4, 2, 5), wavy)))
