"""Hidden checks: an affine coupling layer, backward. The networks are far from zero; they are in
the student's process, with twins here, or ask functions here.
"""

import pytest
import torch

from autograder.checks import (
    View,
    after,
    aspect,
    close,
    has_dtype,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.coupling_forward import oracle as coupling_forward_oracle
from autograder.suites.flows.coupling_inverse import oracle
from autograder.suites.flows.plane_flows import coupling_network, coupling_twins, masks

ASPECTS = {"values": 0.55, "gradients": 0.2, "edges": 0.15, "conventions": 0.1}


def agree(student, z, mask, theirs, twin, *s_max):
    value = student.coupling_inverse(z, mask, theirs, *s_max)
    close(value, oracle.coupling_inverse(z, mask, twin, *s_max))


def judged(student, draw):
    """A network, its twin, a batch and a mask of an answer that gets them right."""
    theirs, twin = coupling_twins(student, draw, 3)
    z, mask = draw.normal(4, 3), torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    value = student.coupling_inverse(z, mask, theirs)
    once_right(value, oracle.coupling_inverse(z, mask, twin))
    return theirs, twin, z, mask


def test_round_trip(student, draw):
    """brings back the x that the layer has turned into z, whatever the mask"""
    theirs, twin = coupling_twins(student, draw, 4)
    x = draw.normal(5, 4)
    for mask in masks(draw, 4):
        z = coupling_forward_oracle.layer(x, mask, twin).detach()
        close(student.coupling_inverse(z, mask, theirs), x)


@pytest.mark.parametrize("s_max", [0.3, 1.0, 5.0])
def test_bound(student, draw, s_max):
    """bounds the log-scale as the forward direction does, with the s_max that is asked for"""
    theirs, twin = coupling_twins(student, draw, 3, scale=2.0)
    mask = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    z = draw.normal(6, 3)
    agree(student, z, mask, theirs, twin)
    agree(student, z, mask, theirs, twin, s_max)
    close(
        student.coupling_inverse(z, mask=mask, net=theirs, s_max=s_max),
        oracle.coupling_inverse(z, mask, twin, s_max),
    )


@after(test_round_trip)
@pytest.mark.parametrize("n, n_coordinates", [(1, 2), (2, 2), (6, 2), (1, 5), (5, 5)])
def test_sizes(student, draw, n, n_coordinates):
    """takes a batch of one sample, points of the plane, and as many samples as coordinates"""
    theirs, twin = coupling_twins(student, draw, n_coordinates)
    for mask in masks(draw, n_coordinates):
        agree(student, draw.normal(n, n_coordinates), mask, theirs, twin)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradient to z, through the network too"""
    theirs, twin = coupling_twins(student, draw, 4)
    mask = torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    same_gradients(
        lambda z: student.coupling_inverse(z, mask, theirs),
        lambda z: oracle.coupling_inverse(z, mask, twin),
        draw.normal(5, 4),
    )


@aspect("gradients")
def test_parameters(student, draw):
    """sends the right gradients to the network's weights"""
    theirs, twin = coupling_twins(student, draw, 3)
    mask = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    z = draw.normal(6, 3)
    value = student.coupling_inverse(z, mask, theirs)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    weights = torch.linspace(0.5, 1.5, value.numel(), dtype=torch.float64).reshape(value.shape)
    (value * weights).sum().backward()
    (oracle.coupling_inverse(z, mask, twin) * weights).sum().backward()
    for name, parameter in twin.named_parameters():
        index, _, kind = name.partition(".")
        found = student.new("operator.attrgetter", f"{kind}.grad")(theirs[int(index)])
        is_true(found is not None, f"no gradient reaches {name}")
        close(found, parameter.grad)


@after(test_round_trip)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("size", [1e2, 1e4])
def test_large_outputs(student, draw, size, dtype):
    """is finite where the unbounded log-scales are huge, of either sign"""
    mask = torch.tensor([1.0, 0.0, 0.0], dtype=dtype)

    def net(x):
        first = x[:, :1]
        return torch.cat([first, size * first, -size * first, first, first, -first], 1)

    z = torch.tensor([[1.5, 0.3, -0.7], [-1.0, 2.0, 0.4]], dtype=dtype)
    close(student.coupling_inverse(z, mask, net), oracle.coupling_inverse(z.double(), mask, net))


@aspect("edges")
@pytest.mark.parametrize("value", [0.0, 1.0], ids=["zeros", "ones"])
def test_plain_masks(student, draw, value):
    """takes masks that keep all coordinates or none, and samples of one coordinate"""
    judged(student, draw)
    for n_coordinates in (3, 1):
        theirs, twin = coupling_twins(student, draw, n_coordinates)
        mask = torch.full((n_coordinates,), value, dtype=torch.float64)
        agree(student, draw.normal(4, n_coordinates), mask, theirs, twin)


@aspect("edges")
def test_idle_outputs(student, draw):
    """pays no attention to the network's outputs where the mask is 1, huge ones included"""
    judged(student, draw)
    mask = torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    net = coupling_network(draw, 3)
    for size in (3.0, 1e30, -1e30):
        idle = size * torch.cat([mask, mask])
        agree(student, draw.normal(4, 3), mask, lambda x, idle=idle: net(x) + idle, net)


@aspect("edges")
def test_calls_of_the_network(student, draw):
    """calls the network once, on the masked batch"""
    judged(student, draw)
    net, seen = coupling_network(draw, 3), []

    def noted(x):
        seen.append(x.detach().clone())
        return net(x)

    z, mask = draw.normal(4, 3), torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    agree(student, z, mask, noted, net)
    is_true(len(seen) == 1, f"{len(seen)} calls")
    close(seen[0], mask * z)


@aspect("edges")
def test_far_away(student, draw):
    """takes samples of any size"""
    judged(student, draw)
    net, mask = coupling_network(draw, 3), torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    for size in (1e-3, 1e3):
        agree(student, size * draw.normal(4, 3), mask, net, net)


@aspect("conventions")
def test_layout_with_network(student, draw):
    """gives the same result for a network in the notebook when the batch is not contiguous"""
    theirs, twin, z, mask = judged(student, draw)
    view = View(z.T.contiguous(), ("transpose", 0, 1))
    value = student.coupling_inverse(view, mask, theirs)
    close(value, oracle.coupling_inverse(z, mask, twin))


@aspect("conventions")
def test_single_precision(student, draw):
    """stays in single precision with a network in single precision"""
    theirs, _, z, mask = judged(student, draw)
    has_dtype(student.coupling_inverse(z.float(), mask.float(), theirs.float()), torch.float32)


def arguments(draw):
    mask = torch.tensor([0.0, 1.0, 0.0, 1.0], dtype=torch.float64)
    return draw.normal(3, 4), mask, coupling_network(draw, 4), 1.5


globals().update(usual_checks(oracle.coupling_inverse, arguments))
