"""Hidden checks: an affine coupling layer, forward. The networks are far from zero; they are in the
student's process, with twins here, or ask functions here.
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
from autograder.suites.flows.coupling_forward import oracle
from autograder.suites.flows.plane_flows import (
    coupling_network,
    coupling_twins,
    jacobian_log_det,
    masks,
)

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def parts(student, *arguments, **more):
    value = student.coupling_forward(*arguments, **more)
    is_true(isinstance(value, list | tuple) and len(value) == 2, "not two results")
    return value


def agree(student, x, mask, theirs, twin, *s_max):
    value = student.coupling_forward(x, mask, theirs, *s_max)
    close(value, oracle.coupling_forward(x, mask, twin, *s_max))
    return value


def judged(student, draw):
    """A network, its twin, a batch and a mask of an answer that gets them right."""
    theirs, twin = coupling_twins(student, draw, 3)
    x, mask = draw.normal(4, 3), torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    value = student.coupling_forward(x, mask, theirs)
    once_right(value, oracle.coupling_forward(x, mask, twin))
    return theirs, twin, x, mask


def test_z(student, draw):
    """keeps the coordinates where the mask is 1, and scales and shifts the others"""
    theirs, twin = coupling_twins(student, draw, 4)
    x = draw.normal(5, 4)
    for mask in masks(draw, 4):
        close(parts(student, x, mask, theirs)[0], oracle.layer(x, mask, twin))


def test_log_det(student, draw):
    """has the log-determinant of the Jacobian, one for each sample"""
    theirs, twin = coupling_twins(student, draw, 4)
    x = draw.normal(5, 4)
    for mask in masks(draw, 4):
        expected = jacobian_log_det(lambda at, mask=mask: oracle.layer(at, mask, twin), x)
        close(parts(student, x, mask, theirs)[1], expected)


def test_own_jacobian(student, draw):
    """has the log-determinant that belongs to its own z"""
    theirs, _ = coupling_twins(student, draw, 3)
    mask = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    x = draw.normal(4, 3).requires_grad_()
    z, log_det = parts(student, x, mask, theirs)
    is_true(isinstance(z, torch.Tensor) and z.shape == x.shape and z.requires_grad, "no graph")
    rows = [torch.autograd.grad(z[:, d].sum(), x, retain_graph=True)[0] for d in range(3)]
    jacobian = torch.stack(rows, dim=1)
    close(jacobian[:, 1], mask.expand(4, 3))
    close(log_det, torch.linalg.slogdet(jacobian).logabsdet)
    is_true(bool((jacobian[:, 0, 1].abs() > 1e-6).all()), "the shift does not depend on what stays")


@pytest.mark.parametrize("s_max", [0.3, 1.0, 5.0])
def test_bound(student, draw, s_max):
    """bounds the log-scale smoothly by the s_max that is asked for, 2 if none is"""
    theirs, twin = coupling_twins(student, draw, 3, scale=2.0)
    mask = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    x = draw.normal(6, 3)
    agree(student, x, mask, theirs, twin)
    agree(student, x, mask, theirs, twin, s_max)
    close(
        parts(student, x, mask=mask, net=theirs, s_max=s_max)[1],
        oracle.coupling_forward(x, mask, twin, s_max)[1],
    )


@after(test_z)
@pytest.mark.parametrize("n, n_coordinates", [(1, 2), (2, 2), (6, 2), (1, 5), (5, 5)])
def test_sizes(student, draw, n, n_coordinates):
    """takes a batch of one sample, points of the plane, and as many samples as coordinates"""
    theirs, twin = coupling_twins(student, draw, n_coordinates)
    for mask in masks(draw, n_coordinates):
        agree(student, draw.normal(n, n_coordinates), mask, theirs, twin)


@aspect("gradients")
@pytest.mark.parametrize("part", [0, 1], ids=["z", "log_det"])
def test_gradients(student, draw, part):
    """sends the right gradient to x, also through the network, from z and from log_det"""
    theirs, twin = coupling_twins(student, draw, 4)
    mask = torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    same_gradients(
        lambda x: parts(student, x, mask, theirs)[part],
        lambda x: oracle.coupling_forward(x, mask, twin)[part],
        draw.normal(5, 4),
    )


@aspect("gradients")
@pytest.mark.parametrize("part", [0, 1], ids=["z", "log_det"])
def test_parameters(student, draw, part):
    """sends the right gradients to the network's weights, when the batch needs none too"""
    theirs, twin = coupling_twins(student, draw, 3)
    mask = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    x = draw.normal(6, 3)
    value = parts(student, x, mask, theirs)[part]
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    weights = torch.linspace(0.5, 1.5, value.numel(), dtype=torch.float64).reshape(value.shape)
    (value * weights).sum().backward()
    (oracle.coupling_forward(x, mask, twin)[part] * weights).sum().backward()
    for name, parameter in twin.named_parameters():
        index, _, kind = name.partition(".")
        found = student.new("operator.attrgetter", f"{kind}.grad")(theirs[int(index)])
        is_true(found is not None, f"no gradient reaches {name}")
        close(found, parameter.grad)


@aspect("gradients")
@after(test_log_det)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("size", [1e2, 1e4])
def test_large_outputs(student, draw, size, dtype):
    """is finite, with its gradients, where the unbounded log-scales are huge, of either sign"""
    mask = torch.tensor([1.0, 0.0, 0.0], dtype=dtype)

    def net(x):
        first = x[:, :1]
        return torch.cat([first, size * first, -size * first, first, first, -first], 1)

    x = torch.tensor([[1.5, 0.3, -0.7], [-1.0, 2.0, 0.4]], dtype=dtype)
    leaf = x.clone().requires_grad_()
    z, log_det = parts(student, leaf, mask, net)
    close([z, log_det], list(oracle.coupling_forward(x.double(), mask, net)))
    (z.sum() + log_det.sum()).backward()
    is_true(leaf.grad is not None and leaf.grad.isfinite().all(), "a gradient is not finite")


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

    x, mask = draw.normal(4, 3), torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    agree(student, x, mask, noted, net)
    is_true(len(seen) == 1, f"{len(seen)} calls")
    close(seen[0], mask * x)


@aspect("edges")
def test_far_away(student, draw):
    """takes samples of any size"""
    judged(student, draw)
    net, mask = coupling_network(draw, 3), torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    for size in (1e-6, 1e6):
        agree(student, size * draw.normal(4, 3), mask, net, net)


@aspect("conventions")
def test_layout_with_network(student, draw):
    """gives the same result for a network in the notebook when the batch is not contiguous"""
    theirs, twin, x, mask = judged(student, draw)
    view = View(x.T.contiguous(), ("transpose", 0, 1))
    value = student.coupling_forward(view, mask, theirs)
    close(value, oracle.coupling_forward(x, mask, twin))


@aspect("conventions")
def test_single_precision(student, draw):
    """stays in single precision with a network in single precision"""
    theirs, _, x, mask = judged(student, draw)
    for part in parts(student, x.float(), mask.float(), theirs.float()):
        has_dtype(part, torch.float32)


def arguments(draw):
    mask = torch.tensor([0.0, 1.0, 0.0, 1.0], dtype=torch.float64)
    return draw.normal(3, 4), mask, coupling_network(draw, 4), 1.5


globals().update(usual_checks(oracle.coupling_forward, arguments))
