"""Hidden checks: what L1 and L2 answer."""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, usual_checks
from autograder.suites.pix2pix.best_constants import oracle

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


def chances(draw, n, none=()):
    """Probabilities far from ties."""
    weights = draw.uniform(n, low=0.2, high=1.0)
    weights[list(none)] = 0
    return weights / weights.sum()


def agree(student, values, probabilities):
    close(
        student.best_constants(values, probabilities),
        oracle.best_constants(values, probabilities),
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("shape", [(7, 4), (2, 1, 5, 6), (9, 3, 4, 5)])
def test_values(student, draw, shape):
    """is right for possible images of any shape, each pixel with its own order"""
    agree(student, draw.normal(*shape), chances(draw, shape[0]))


@after(test_values)
@pytest.mark.parametrize("line", [0.1, 0.45, 0.55, 0.9])
def test_bimodal(student, draw, line):
    """answers with one of two values in L1, and in between in L2"""
    values = torch.tensor([-1.0, 0.9], dtype=torch.float64)[:, None].expand(2, 3) + 0.0
    agree(student, values, torch.tensor([line, 1 - line], dtype=torch.float64))
    agree(student, values.flip(0), torch.tensor([line, 1 - line], dtype=torch.float64))


@after(test_values)
def test_unequal_probabilities(student, draw):
    """counts the probabilities, and not the values"""
    values = draw.normal(6, 5)
    probabilities = torch.full((6,), 0.06, dtype=torch.float64)
    probabilities[4] = 0.7
    agree(student, values, probabilities)


@aspect("edges")
@after(test_values)
def test_ties(student, draw):
    """gives the smallest median where several are as good"""
    dyadic = torch.tensor([0.25, 0.125, 0.5, 0.125], dtype=torch.float64)
    values = torch.tensor([[3.0, -1], [4, -2], [-2, 5], [7, -9]], dtype=torch.float64)
    agree(student, values, dyadic)
    agree(student, values[:2], torch.tensor([0.5, 0.5], dtype=torch.float64))
    agree(student, draw.normal(4, 3), torch.full((4,), 0.25, dtype=torch.float64))


@aspect("edges")
@after(test_values)
def test_impossible_values(student, draw):
    """leaves out values of probability 0, even the smallest and the largest"""
    values = draw.normal(5, 4)
    values[0], values[4] = -9, 9
    agree(student, values, chances(draw, 5, (0, 4)))
    agree(student, values, torch.tensor([0.0, 0.5, 0.0, 0.5, 0.0], dtype=torch.float64))
    agree(student, values, torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0], dtype=torch.float64))


@aspect("edges")
@after(test_values)
def test_equal_values(student, draw):
    """is right where several possible images agree in a pixel"""
    values = draw.integers(0, 3, 8, 6).double()
    agree(student, values, chances(draw, 8))


@aspect("edges")
@after(test_values)
def test_one_image(student, draw):
    """answers with the image itself if there is only one, and takes numbers without any axis"""
    agree(student, draw.normal(1, 3, 2), torch.ones(1, dtype=torch.float64))
    agree(student, draw.normal(5), chances(draw, 5))


@aspect("edges")
@after(test_values)
def test_range(student, draw):
    """works for numbers of any size"""
    for scale in (1e-4, 1e3):
        values = scale * draw.normal(5, 4)
        probabilities = chances(draw, 5)
        found = student.best_constants(values, probabilities)
        close(found, oracle.best_constants(values, probabilities), rtol=1e-4, atol=1e-9)


@aspect("conventions")
@after(test_values)
def test_no_graph_needed(student, draw):
    """works with values that need gradients"""
    values, probabilities = draw.normal(5, 4).requires_grad_(), chances(draw, 5).requires_grad_()
    agree(student, values, probabilities)
    is_true(values.requires_grad and probabilities.requires_grad)


globals().update(
    usual_checks(oracle.best_constants, lambda draw: (draw.normal(5, 2, 3, 4), chances(draw, 5)))
)
