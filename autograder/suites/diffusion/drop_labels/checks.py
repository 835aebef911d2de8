"""Hidden checks: labels that are dropped."""

import pytest
import torch

from autograder.checks import aspect, has_dtype, inputs_unchanged, once_right, same, usual_checks
from autograder.suites.diffusion.drop_labels import oracle

ASPECTS = {"values": 0.7, "edges": 0.2, "conventions": 0.1}


def given(draw, n=20, null_label=10):
    mask = torch.zeros(n, dtype=torch.bool)
    mask[draw.permutation(n)[: max(1, n // 3)]] = True
    return draw.integers(0, 10, n), mask, null_label


def agree(student, *args):
    found = student.drop_labels(*args)
    same(found, oracle.drop_labels(*args))
    has_dtype(found, torch.int64)


def right_in_general(student, draw):
    args = given(draw)
    once_right(student.drop_labels(*args), oracle.drop_labels(*args))


@pytest.mark.parametrize("n", [20, 7, 64])
def test_values(student, draw, n):
    """replaces the labels in the mask, keeps the others, and stays int64"""
    agree(student, *given(draw, n))


@pytest.mark.parametrize("null_label", [0, 3, -1, 1000])
def test_null_label(student, draw, null_label):
    """uses the null label that it is given, which may also be 0, negative or that of a class"""
    agree(student, *given(draw, 20, null_label))


@pytest.mark.parametrize("value", [True, False])
def test_all_or_none(student, draw, value):
    """drops all labels, and none"""
    labels, mask, null_label = given(draw)
    agree(student, labels, torch.full_like(mask, value), null_label)


def test_keeps_the_labels(student, draw):
    """leaves the caller's labels and mask as they were: the next batch may need them"""
    args = given(draw)
    once_right(student.drop_labels(*args), oracle.drop_labels(*args))
    inputs_unchanged(student)


@aspect("edges")
@pytest.mark.parametrize("dropped", [True, False])
def test_one(student, draw, dropped):
    """works for a batch of one"""
    right_in_general(student, draw)
    agree(student, draw.integers(0, 9, 1), torch.tensor([dropped]), 10)


@aspect("edges")
def test_large(student, draw):
    """keeps labels that no smaller type holds"""
    right_in_general(student, draw)
    labels, mask, _ = given(draw)
    agree(student, labels + 2**40, mask, 2**41 + 1)


@aspect("edges")
def test_none(student, draw):
    """works for an empty batch"""
    right_in_general(student, draw)
    labels, mask, null_label = given(draw)
    agree(student, labels[:0], mask[:0], null_label)


globals().update(
    usual_checks(oracle.drop_labels, lambda draw: given(draw), without=("dtype", "inputs"))
)
