"""Hidden checks: Hutchinson's trace estimator.

The field is a network in the student's process, so that any way of differentiating works; its twin
here has the same weights.
"""

import itertools
import math

import pytest
import torch

from autograder.checks import (
    View,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    once_right,
    parameter_gradients,
    same_gradients,
)
from autograder.suites.flows.beyond_flows import (
    network,
    same_parameter_gradients,
)
from autograder.suites.flows.hutchinson_trace import oracle

ASPECTS = {"values": 0.4, "gradients": 0.3, "training": 0.1, "edges": 0.12, "conventions": 0.08}


def fields(student, draw, size):
    """A field in the student's process and its twin here."""
    return network(draw, size).in_notebook(student, draw)


def probes(draw, number, n, size):
    """Of +-1, each times a factor of its own."""
    return draw.uniform(number, n, size, low=0.5, high=2) * (
        2 * draw.integers(0, 2, number, n, size) - 1
    )


def agree(student, theirs, twin, *given):
    close(student.hutchinson_trace(theirs, *given), oracle.hutchinson_trace(twin, *given))


def judged(student, draw):
    """A field, its twin and arguments, of an answer that gets their trace right."""
    theirs, twin = fields(student, draw, 3)
    given = draw.normal(5, 3), probes(draw, 2, 5, 3)
    once_right(student.hutchinson_trace(theirs, *given), oracle.hutchinson_trace(twin, *given))
    return theirs, twin, given


@pytest.mark.parametrize("number, n, size", [(1, 5, 3), (2, 4, 4), (4, 6, 3), (3, 3, 5)])
def test_values(student, draw, number, n, size):
    """gives the value of the field and the mean of the quadratic forms, with probes of their own
    for each sample
    """
    theirs, twin = fields(student, draw, size)
    agree(student, theirs, twin, draw.normal(n, size), probes(draw, number, n, size))


@pytest.mark.parametrize("size", [2, 5])
def test_exact(student, draw, size):
    """is the exact trace for the basis vectors, each times the root of their number"""
    theirs, twin = fields(student, draw, size)
    x = draw.normal(4, size)
    basis = math.sqrt(size) * torch.eye(size, dtype=torch.float64)[:, None].expand(size, 4, size)
    traces = [torch.autograd.functional.jacobian(twin, row).trace() for row in x]
    close(student.hutchinson_trace(theirs, x, basis)[1], torch.stack(traces).detach())


def test_unbiased(student, draw):
    """is exact on average over all probes of +-1"""
    theirs, twin = fields(student, draw, 3)
    x = draw.normal(4, 3)
    signs = torch.tensor(list(itertools.product([-1.0, 1.0], repeat=3)), dtype=torch.float64)
    traces = [torch.autograd.functional.jacobian(twin, row).trace() for row in x]
    found = [
        student.hutchinson_trace(theirs, x, sign.expand(1, 4, 3).contiguous())[1] for sign in signs
    ]
    close(torch.stack(found).mean(0), torch.stack(traces).detach())


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["value", "trace"])
def test_gradients(student, draw, result):
    """sends the right gradients of both results to x"""
    theirs, twin = fields(student, draw, 3)
    x, given = draw.normal(4, 3), probes(draw, 2, 4, 3)
    same_gradients(
        lambda x: student.hutchinson_trace(theirs, x, given)[result],
        lambda x: oracle.hutchinson_trace(twin, x, given)[result],
        x,
    )


@aspect("gradients")
@pytest.mark.parametrize("result", [0, 1], ids=["value", "trace"])
@pytest.mark.parametrize("needs", [False, True], ids=["data", "state"])
def test_parameter_gradients(student, draw, result, needs):
    """sends the right gradients to the parameters of the field, whether or not x needs any"""
    theirs, twin = fields(student, draw, 3)
    x, given = draw.normal(4, 3), probes(draw, 2, 4, 3)
    same_parameter_gradients(
        *(student, theirs, twin),
        student.hutchinson_trace(theirs, x.clone().requires_grad_(needs), given)[result],
        oracle.hutchinson_trace(twin, x, given)[result],
    )


@aspect("gradients")
def test_inner_state(student, draw):
    """works within a longer computation: for an x that is no leaf, and both results in one loss"""
    theirs, twin = fields(student, draw, 3)
    given = probes(draw, 2, 4, 3)

    def loss(call, field, x):
        value, trace = call(field, x * 2 + 1, given)
        return value.square().sum() + trace.square().sum()

    same_gradients(
        lambda x: loss(student.hutchinson_trace, theirs, x),
        lambda x: loss(oracle.hutchinson_trace, twin, x),
        draw.normal(4, 3),
    )
    x = draw.normal(4, 3)
    view = View(x.clone().requires_grad_(), ("mul", 1.0))
    result = student.hutchinson_trace(theirs, view, given)
    close(result, oracle.hutchinson_trace(twin, x, given))
    is_true(all(each.requires_grad for each in result))


@aspect("training")
def test_no_grad(student, draw):
    """works under torch.no_grad, and keeps no graph then, whatever needs gradients"""
    theirs, twin = fields(student, draw, 3)
    quiet = student.new("torch.no_grad")(student.hutchinson_trace)
    x, given = draw.normal(4, 3), probes(draw, 2, 4, 3)
    needy = [each.clone().requires_grad_() for each in (x, given)]
    for at, along in ((x, given), (needy[0], given), (x, needy[1])):
        result = quiet(theirs, at, along)
        close(result, oracle.hutchinson_trace(twin, x, given))
        is_true(not any(each.requires_grad for each in result), "a graph")


@aspect("training")
def test_grad_fields(student, draw):
    """leaves the .grad of x and of the parameters as it was"""
    theirs, twin, given = judged(student, draw)
    agree(student, theirs, twin, *given)
    close(*parameter_gradients(student, theirs, twin))
    theirs(given[0]).sum().backward()
    twin(given[0]).sum().backward()
    agree(student, theirs, twin, *given)
    close(*parameter_gradients(student, theirs, twin))


@aspect("edges")
@pytest.mark.parametrize("number, n, size", [(1, 1, 3), (2, 4, 1), (1, 1, 1)])
def test_one(student, draw, number, n, size):
    """works for a batch of one, one component and one probe"""
    judged(student, draw)
    theirs, twin = fields(student, draw, size)
    agree(student, theirs, twin, draw.normal(n, size), probes(draw, number, n, size))


@aspect("edges")
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_length_of_probes(student, draw, scale):
    """takes the probes as they are, however long or short"""
    theirs, twin, (x, given) = judged(student, draw)
    _, trace = student.hutchinson_trace(theirs, x, scale * given)
    close(trace / scale**2, oracle.hutchinson_trace(twin, x, given)[1])


@aspect("edges")
def test_one_call(student, draw):
    """calls the field once, on the whole batch"""
    theirs, _, given = judged(student, draw)
    watched = student.new("unittest.mock.Mock", wraps=theirs)
    student.hutchinson_trace(watched, *given)
    is_true(watched.call_count == 1, f"{watched.call_count} calls")


@aspect("edges")
def test_any_function(student, draw):
    """takes any function for the field, not only a module"""
    theirs, twin, given = judged(student, draw)
    bent = student.new("builtins.eval", "lambda net: lambda x: net(x) * x.sin()")(theirs)
    agree(student, bent, lambda x: twin(x) * x.sin(), *given)


@aspect("edges")
def test_linear(student, draw):
    """takes a linear field too, whose trace does not depend on x"""
    judged(student, draw)
    matrix = draw.normal(3, 3)
    layer = student.new("torch.nn.Linear", 3, 3).double()
    layer.load_state_dict({"weight": matrix, "bias": matrix[0]})
    x, given = draw.normal(4, 3), probes(draw, 3, 4, 3)
    expected = torch.einsum("kbi,ij,kbj->b", given, matrix, given) / 3
    close(student.hutchinson_trace(layer, x, given)[1], expected)


@aspect("conventions")
def test_inputs(student, draw):
    """leaves its arguments as they were, and whether they need gradients"""
    theirs, _, (x, given) = judged(student, draw)
    for at in (x, x.clone().requires_grad_()):
        student.hutchinson_trace(theirs, at, given)
        inputs_unchanged(student)


@aspect("conventions")
def test_frozen(student, draw):
    """works for a frozen field, and leaves it frozen"""
    theirs, twin, given = judged(student, draw)
    theirs.requires_grad_(False)
    agree(student, theirs, twin, *given)
    flag = student.new("operator.attrgetter", "weight.requires_grad")(theirs[0])
    is_true(flag is False, "thawed")


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    theirs, twin, given = judged(student, draw)
    close(
        student.hutchinson_trace(theirs, *given),
        oracle.hutchinson_trace(twin, *given),
        rtol=1e-9,
        atol=1e-10,
    )
    for each in student.hutchinson_trace(theirs.float(), *(each.float() for each in given)):
        has_dtype(each, torch.float32)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin, given = judged(student, draw)
    follows_device(
        lambda x, *more: student.hutchinson_trace(theirs.to(x.device), x, *more),
        lambda *given: oracle.hutchinson_trace(twin, *given),
        *given,
    )


@aspect("conventions")
def test_layout(student, draw):
    """gives the same result when its inputs are not contiguous in memory"""
    theirs, twin, given = judged(student, draw)
    views = [View(each.transpose(-1, -2).contiguous(), ("transpose", -1, -2)) for each in given]
    close(
        student.hutchinson_trace(theirs, *views),
        oracle.hutchinson_trace(twin, *given),
    )


@aspect("conventions")
def test_twice(student, draw):
    """gives the same result when it is called again with the same arguments"""
    theirs, twin, given = judged(student, draw)
    student.hutchinson_trace(theirs, 2 * given[0], given[1] + 1)
    agree(student, theirs, twin, *given)
