"""Hidden checks: a masked autoregressive flow from data to noise.

A conditioner is a function of ours, or a network in the student's process with a twin here.
"""

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
from autograder.suites.flows.beyond_flows import (
    conditioner,
    log_dets,
    same_parameter_gradients,
    standardise,
)
from autograder.suites.flows.maf_forward import oracle

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.12, "conventions": 0.08}


def agree(student, *given):
    close(student.maf_forward(*given), oracle.maf_forward(*given))


def right_in_general(student, draw):
    given = conditioner(draw, torch.arange(3)), 2 * draw.normal(5, 3)
    once_right(student.maf_forward(*given), oracle.maf_forward(*given))


@pytest.mark.parametrize("n, size", [(5, 3), (4, 4), (9, 6)])
def test_natural_order(student, draw, n, size):
    """gives z and the log-determinant of each sample, as the full Jacobian has it"""
    agree(student, conditioner(draw, torch.arange(size)), 2 * draw.normal(n, size))


def test_other_order(student, draw):
    """is right for a conditioner with any order of the components"""
    for order in (draw.permutation(5), torch.tensor([2, 0, 3, 1])):
        agree(student, conditioner(draw, order), 3 * draw.normal(6, len(order)))


def test_jacobian(student, draw):
    """has the log-determinant of the full Jacobian of its own z"""
    for order in (torch.arange(4), torch.tensor([2, 0, 3, 1])):
        net, x = conditioner(draw, order), draw.normal(5, 4)
        z, log_det = student.maf_forward(net, x)
        close(z, standardise(net, x))
        close(log_det, log_dets(lambda x, net=net: standardise(net, x), x))


@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
def test_constants(student, draw, result):
    """divides by the scale on the way to z, and is minus the sum of the log-scales per sample"""
    mu, log_scale = 3 * draw.normal(4), draw.normal(4)
    x = draw.normal(6, 4)
    value = student.maf_forward(lambda x: torch.cat([mu, log_scale]).expand(len(x), 8), x)[result]
    expected = torch.distributions.Normal(mu, log_scale.exp()).log_prob(x).sum(1)
    standard = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    z = (x - mu) / log_scale.exp()
    close(value, expected - standard.log_prob(z).sum(1) if result else z)


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
def test_gradients(student, draw, result):
    """sends the right gradient to x, the way through the conditioner included"""
    net = conditioner(draw, torch.tensor([1, 2, 0, 3]))
    same_gradients(
        lambda x: student.maf_forward(net, x)[result],
        lambda x: oracle.maf_forward(net, x)[result],
        2 * draw.normal(5, 4),
    )


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["z", "log_det"])
@pytest.mark.parametrize("needs", [False, True], ids=["data", "inner layer"])
def test_parameter_gradients(student, draw, result, needs):
    """sends the right gradients to the conditioner's parameters, whether or not x needs any"""
    theirs, twin = conditioner(draw, torch.tensor([2, 0, 1])).in_notebook(student, draw)
    x = 2 * draw.normal(6, 3)
    same_parameter_gradients(
        *(student, theirs, twin),
        student.maf_forward(theirs, x.clone().requires_grad_(needs))[result],
        oracle.maf_forward(twin, x)[result],
    )


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 4), (5, 1), (1, 1), (2, 2)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    agree(student, conditioner(draw, torch.arange(size)), draw.normal(n, size))


@aspect("edges")
@pytest.mark.parametrize("size", [300.0, -300.0, 25.0])
def test_large_scales(student, draw, size):
    """takes the log-scales as they are, however large or small"""
    right_in_general(student, draw)
    log_scale = size + draw.normal(4)
    z, log_det = student.maf_forward(
        lambda x: torch.cat([0 * log_scale, log_scale]).expand(len(x), 8), x := draw.normal(3, 4)
    )
    close(z * log_scale.exp(), x)
    close(log_det, -log_scale.sum().expand(3))


@aspect("edges")
def test_one_pass(student, draw):
    """calls the conditioner once, on the whole batch"""
    right_in_general(student, draw)
    watched, x = Watched(conditioner(draw, torch.arange(3))), draw.normal(5, 3)
    close(student.maf_forward(watched, x), oracle.maf_forward(watched.function, x))
    is_true([tuple(given[0].shape) for given in watched.calls] == [(5, 3)], "not one pass")


globals().update(
    usual_checks(
        oracle.maf_forward, lambda draw: (conditioner(draw, torch.arange(4)), draw.normal(5, 4))
    )
)
