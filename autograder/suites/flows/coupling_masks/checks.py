"""Hidden checks: masks that alternate."""

import pytest
import torch

from autograder.checks import CheckFailed, after, aspect, has_dtype, is_true, same
from autograder.suites.flows.coupling_masks import oracle

ASPECTS = {"values": 0.6, "images": 0.2, "edges": 0.1, "conventions": 0.1}


def masks(student, *given):
    """The two masks, as tensors of numbers."""
    found = student.coupling_masks(*given)
    if not isinstance(found, list | tuple) or len(found) != 2:
        raise CheckFailed("not two", told="two masks are asked for")
    return found


def agree(student, *given):
    same(masks(student, *given), oracle.coupling_masks(*given))


@pytest.mark.parametrize("step", [0, 1])
def test_values(student, draw, step):
    """is right at the first even and the first odd step"""
    agree(student, 4, 4, 6, step)


@pytest.mark.parametrize("step", [2, 3, 4, 7, 10])
def test_later_steps(student, draw, step):
    """alternates at later steps, too"""
    agree(student, 6, 2, 4, step)


@pytest.mark.parametrize("sizes", [(3, 4, 5), (5, 3, 4), (7, 5, 5), (2, 3, 7)])
def test_odd_sizes(student, draw, sizes):
    """is right for odd numbers of channels, rows and columns"""
    for step in (0, 1, 2):
        agree(student, *sizes, step)


@after(test_values)
def test_complement(student, draw):
    """changes at one step exactly what stays at the step before"""
    for sizes in ((4, 6, 6), (5, 3, 5)):
        for step in (0, 1, 4):
            for now, then in zip(
                masks(student, *sizes, step), masks(student, *sizes, step + 1), strict=True
            ):
                same(now.int() + then.int(), torch.ones_like(then.int()))


@aspect("images")
@pytest.mark.parametrize("sizes", [(4, 14, 14), (16, 7, 7), (1, 28, 28)])
def test_images(student, draw, sizes):
    """is right for the sizes of the lab"""
    for step in (0, 1):
        agree(student, *sizes, step)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 1, 4), (1, 5, 1)])
def test_smallest(student, draw, sizes):
    """works for one channel, one row or one column, in the shapes that are asked for"""
    for step in (0, 1):
        agree(student, *sizes, step)


@aspect("edges")
@after(test_values)
def test_large_step(student, draw):
    """works for large steps"""
    for step in (1000, 1001):
        agree(student, 4, 3, 4, step)


@aspect("conventions")
@after(test_values)
def test_bool(student, draw):
    """returns masks of dtype bool"""
    for mask in masks(student, 4, 4, 6, 1):
        has_dtype(mask, torch.bool)


@aspect("conventions")
@after(test_values)
def test_twice(student, draw):
    """gives the same masks when it is called again, whatever was asked for in between"""
    first = masks(student, 4, 3, 5, 0)
    masks(student, 4, 3, 5, 1)
    same(masks(student, 4, 3, 5, 0), first)
    is_true(all(mask.device.type == "cpu" for mask in first))
