"""Hidden checks: the inverse of a residual layer by fixed point."""

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
from autograder.suites.flows.beyond_flows import network, same_parameter_gradients
from autograder.suites.flows.residual_inverse import oracle

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.12, "conventions": 0.08}


def agree(student, *given):
    close(student.residual_inverse(*given), oracle.residual_inverse(*given))


def right_in_general(student, draw):
    given = network(draw, 3, scale=0.3), draw.normal(4, 3), 3
    once_right(student.residual_inverse(*given), oracle.residual_inverse(*given))


def contraction(draw, size, constant):
    """A tanh network with this Lipschitz constant at most."""
    one, two = draw.normal(size, size), draw.normal(size, size)
    one, two = (each / torch.linalg.matrix_norm(each, 2) for each in (one, two))
    return lambda x: constant * torch.tanh(x @ one.T.to(x)) @ two.T.to(x)


@pytest.mark.parametrize("n_iterations", [1, 2, 3, 8])
def test_iterations(student, draw, n_iterations):
    """gives x after as many iterations as it is told, from y"""
    agree(student, network(draw, 3), draw.normal(5, 3), n_iterations)


@pytest.mark.parametrize("n_iterations", [1, 2, 4])
def test_start(student, draw, n_iterations):
    """begins at the start that it is given, zeros among them"""
    y = draw.normal(4, 4)
    for start in (draw.normal(4, 4), torch.zeros(4, 4, dtype=torch.float64)):
        agree(student, network(draw, 4), y, n_iterations, start)


def test_linear(student, draw):
    """is the partial sum of the Neumann series for a linear layer"""
    matrix, y = 0.4 * draw.normal(3, 3), draw.normal(6, 3)
    expected = sum(y @ torch.linalg.matrix_power(-matrix.T, power) for power in range(6))
    close(student.residual_inverse(lambda x: x @ matrix.T.to(x), y, 5), expected)


@pytest.mark.parametrize("constant", [0.3, 0.8])
def test_contraction(student, draw, constant):
    """finds the x with x + g(x) = y, from any start, as fast as the constant says"""
    g, x = contraction(draw, 4, constant), draw.normal(6, 4)
    y = x + g(x)
    for start in (None, 50 * draw.normal(6, 4)):
        first = (y if start is None else start) - x
        for n_iterations in (5, 150):
            found = student.residual_inverse(g, y, n_iterations, start)
            off = (found - x).norm(dim=1)
            is_true((off <= constant**n_iterations * first.norm(dim=1) + 1e-9).all())
    agree(student, g, y, 2)


@aspect("gradients")
@pytest.mark.parametrize("n_iterations", [1, 4])
def test_gradients(student, draw, n_iterations):
    """sends the gradient of the iterations to y"""
    g = network(draw, 3)
    same_gradients(
        lambda y: student.residual_inverse(g, y, n_iterations),
        lambda y: oracle.residual_inverse(g, y, n_iterations),
        draw.normal(4, 3),
    )


@aspect("gradients")
def test_start_gradients(student, draw):
    """sends the gradient of the iterations to the start too"""
    g = network(draw, 3)
    same_gradients(
        lambda y, x_init: student.residual_inverse(g, y, 2, x_init),
        lambda y, x_init: oracle.residual_inverse(g, y, 2, x_init),
        draw.normal(4, 3),
        draw.normal(4, 3),
    )


@aspect("gradients")
@pytest.mark.parametrize("n_iterations", [1, 3])
@pytest.mark.parametrize("needs", [False, True], ids=["data", "state"])
def test_parameter_gradients(student, draw, n_iterations, needs):
    """sends the gradient of all iterations to the parameters of g, whether or not y needs any"""
    theirs, twin = network(draw, 3).in_notebook(student, draw)
    y = draw.normal(4, 3)
    same_parameter_gradients(
        *(student, theirs, twin),
        student.residual_inverse(theirs, y.clone().requires_grad_(needs), n_iterations),
        oracle.residual_inverse(twin, y, n_iterations),
    )


@aspect("edges")
def test_no_iterations(student, draw):
    """returns the start when there are no iterations"""
    right_in_general(student, draw)
    g, y, start = network(draw, 3), draw.normal(4, 3), draw.normal(4, 3)
    close(student.residual_inverse(g, y, 0), y)
    close(student.residual_inverse(g, y, 0, start), start)
    close(student.residual_inverse(g, y, 0, 0 * start), 0 * start)


@aspect("edges")
def test_calls(student, draw):
    """calls g once per iteration, on the whole batch, though the solution was found before"""
    right_in_general(student, draw)
    for n_iterations in (0, 1, 40):
        watched, y = Watched(contraction(draw, 3, 0.05)), draw.normal(5, 3)
        value = student.residual_inverse(watched, y, n_iterations)
        shapes = [tuple(given[0].shape) for given in watched.calls]
        close(value, oracle.residual_inverse(watched.function, y, n_iterations))
        is_true(shapes == [(5, 3)] * n_iterations, f"{len(shapes)} calls")


@aspect("edges")
def test_expansion(student, draw):
    """iterates as it is told where g is no contraction, and x grows and grows"""
    right_in_general(student, draw)
    matrix, y = 5 * torch.eye(3, dtype=torch.float64), draw.normal(4, 3)
    agree(student, lambda x: x @ matrix.to(x), y, 12)


@aspect("edges")
@pytest.mark.parametrize("n, size", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, n, size):
    """works for a batch of one and for one component"""
    right_in_general(student, draw)
    agree(student, network(draw, size), draw.normal(n, size), 3)


def calls(draw):
    """Without a start and with one."""
    yield network(draw, 4), draw.normal(5, 4), 3
    yield network(draw, 4), draw.normal(5, 4), 2, draw.normal(5, 4)


globals().update(usual_checks(oracle.residual_inverse, calls))
