"""Hidden checks: the masks of a MADE."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    once_right,
    usual_checks,
)
from autograder.suites.flows.beyond_flows import places
from autograder.suites.flows.made_masks import oracle

ASPECTS = {"values": 0.5, "structure": 0.3, "edges": 0.12, "conventions": 0.08}

CYCLE = torch.tensor([2, 0, 1, 4, 3])
"""An order that is not its own inverse."""


def degrees(draw, n, *sizes):
    """Of hidden layers, each with all degrees from 0 to n - 1, in a random sequence."""
    return [
        torch.cat([draw.permutation(n), draw.integers(0, n, size - n)])[draw.permutation(size)]
        for size in sizes
    ]


def agree(student, *given):
    masks = student.made_masks(*given)
    close(masks, oracle.made_masks(*given))
    return [mask.double() for mask in masks]


@pytest.mark.parametrize("sizes", [(9,), (7, 11), (8, 6, 10)])
def test_natural_order(student, draw, sizes):
    """is right for the natural order, with one, two and three hidden layers"""
    agree(student, torch.arange(5), degrees(draw, 5, *sizes))


@pytest.mark.parametrize("sizes", [(9,), (10, 8)])
def test_order(student, draw, sizes):
    """is right for an order that is not its own inverse"""
    agree(student, CYCLE, degrees(draw, 5, *sizes))
    agree(student, CYCLE.argsort(), degrees(draw, 5, *sizes))


@pytest.mark.parametrize("n_params", [1, 2, 3])
def test_parameters(student, draw, n_params):
    """has n_params rows for each component: first the first parameter of all components, and so
    on
    """
    agree(student, CYCLE, degrees(draw, 5, 9), n_params)
    agree(student, CYCLE, degrees(draw, 5, 6, 7), n_params)


@aspect("structure")
@pytest.mark.parametrize("sizes", [(), (12,), (9, 14), (8, 9, 10)])
def test_never_sees_itself(student, draw, sizes):
    """lets no path lead from a component to its own outputs, or to those of an earlier one"""
    hidden = degrees(draw, 5, *sizes)
    paths = torch.eye(5, dtype=torch.float64)
    for mask in student.made_masks(CYCLE, hidden):
        paths = mask.double() @ paths
    place = torch.tensor(places(CYCLE))
    before = place < place[:, None]
    is_true((paths > 0).equal(before.repeat(2, 1)), "wrong paths")


@aspect("structure")
def test_degrees(student, draw):
    """lets each hidden unit see the components of its degree, and no more, in every layer"""
    hidden = degrees(draw, 5, 7, 9, 8)
    masks = agree(student, CYCLE, hidden)
    place = torch.tensor(places(CYCLE))
    paths = torch.eye(5, dtype=torch.float64)
    for mask, degree in zip(masks, hidden, strict=False):
        paths = mask @ paths
        is_true((paths > 0).equal(place < degree[:, None]), "wrong paths to hidden units")


@aspect("structure")
def test_missing_degrees(student, draw):
    """goes by the degrees that it is given: unsorted, unequal from layer to layer, with gaps, and
    the same ones again and again
    """
    agree(student, CYCLE, [torch.tensor([4, 0, 4, 1]), torch.tensor([3, 3, 1])])
    agree(student, torch.arange(6), [torch.tensor([2, 2, 2]), torch.tensor([2, 5, 2, 0])])
    agree(student, CYCLE, [torch.tensor([0, 0]), torch.tensor([4, 4])])


@aspect("edges")
def test_no_hidden_layer(student, draw):
    """has one strict mask when there is no hidden layer"""
    once_right(*two_layers(student, draw))
    agree(student, CYCLE, [])
    agree(student, torch.arange(4), [], 1)


@aspect("edges")
def test_one_component(student, draw):
    """works for one component, whose outputs see no component and all constants"""
    once_right(*two_layers(student, draw))
    one = torch.tensor([0])
    agree(student, one, [torch.zeros(4, dtype=torch.int64)])
    agree(student, one, [torch.zeros(3, dtype=torch.int64), torch.zeros(1, dtype=torch.int64)])
    agree(student, one, [])


@aspect("edges")
def test_one_unit(student, draw):
    """works for a hidden layer of one unit, and for two components"""
    once_right(*two_layers(student, draw))
    agree(student, CYCLE, [torch.tensor([2])])
    agree(student, torch.tensor([1, 0]), [torch.tensor([1]), torch.tensor([0, 1])])


@aspect("edges")
@after(test_natural_order)
def test_default(student, draw):
    """has two parameters for each component if nothing else is said"""
    hidden = degrees(draw, 4, 6)
    close(student.made_masks(torch.arange(4), hidden), oracle.made_masks(torch.arange(4), hidden))
    close(
        student.made_masks(order=torch.arange(4), hidden_degrees=hidden, n_params=1),
        oracle.made_masks(torch.arange(4), hidden, 1),
    )


def two_layers(student, draw):
    given = CYCLE, degrees(draw, 5, 7, 6)
    return student.made_masks(*given), oracle.made_masks(*given)


@aspect("conventions")
def test_tuple(student, draw):
    """takes a tuple of degrees for a list"""
    hidden = degrees(draw, 5, 7, 6)
    once_right(student.made_masks(CYCLE, hidden), oracle.made_masks(CYCLE, hidden))
    close(student.made_masks(CYCLE, tuple(hidden)), oracle.made_masks(CYCLE, hidden))


globals().update(
    usual_checks(
        oracle.made_masks,
        lambda draw: (draw.permutation(6), degrees(draw, 6, 8, 9)),
        without=("dtype", "history"),
    )
)
