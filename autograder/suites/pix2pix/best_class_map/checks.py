"""Hidden checks: the permutation of classes that a translation agrees with best."""

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    is_true,
    number,
    same,
    usual_checks,
)
from autograder.suites.pix2pix.best_class_map import oracle
from autograder.suites.pix2pix.two_domains import parts

ASPECTS = {"values": 0.7, "edges": 0.2, "conventions": 0.1}


def agree(student, before, after_, n_classes):
    """Fail unless the result is a permutation, agrees with as many images as any, and says so.
    Several permutations may be best.
    """
    permutation, share = parts(student.best_class_map(before, after_, n_classes))
    if not isinstance(permutation, torch.Tensor) or permutation.is_floating_point():
        raise CheckFailed("no tensor of integers", told="the permutation is a tensor of int64")
    same(permutation.long().sort().values, torch.arange(n_classes))
    best = oracle.best_class_map(before, after_, n_classes)[1]
    close((permutation.long()[before] == after_).double().mean(), best, rtol=1e-9)
    close(number(share), best, rtol=1e-6)


def translated(draw, n, n_classes, noise):
    """Classes, and what a permutation made of most of them."""
    before = draw.integers(0, n_classes, n)
    become = draw.permutation(n_classes)[before]
    return before, torch.where(draw.uniform(n) < noise, draw.integers(0, n_classes, n), become)


@pytest.mark.parametrize("n_classes", [2, 3, 5, 7])
def test_values(student, draw, n_classes):
    """finds the permutation that most images agree with"""
    for noise in (0.0, 0.3, 0.6):
        agree(student, *translated(draw, 60, n_classes, noise), n_classes)


@after(test_values)
def test_direction(student, draw):
    """says what a class becomes, not what it came from"""
    before = draw.integers(0, 5, 40)
    for shift in (1, 2):
        permutation, _ = parts(student.best_class_map(before, (before + shift) % 5, 5))
        if len(before.unique()) == 5:
            same(permutation, (torch.arange(5) + shift) % 5)
        agree(student, before, (before + shift) % 5, 5)


def classes_of(draw, counts):
    """Classes before and after of as many images as a 3 x 3 table has, both numbered at random."""
    order, other = draw.permutation(3), draw.permutation(3)
    pairs = [
        (int(order[k]), int(other[j]))
        for k in range(3)
        for j in range(3)
        for _ in range(counts[k][j])
    ]
    return torch.tensor(pairs).unbind(1)


@after(test_values)
def test_as_a_whole(student, draw):
    """looks for the best permutation as a whole, where no class may take its own best"""
    counts = [[9, 8, 0], [8, 1, 0], [0, 7, 6]]
    agree(student, *classes_of(draw, counts), 3)
    for _ in range(4):
        agree(student, draw.integers(0, 6, 30), draw.integers(0, 6, 30), 6)


@after(test_values)
def test_unequal_classes(student, draw):
    """counts images and not classes: a class with many images weighs more"""
    counts = [[12, 8, 0], [2, 0, 0], [0, 1, 3]]
    agree(student, *classes_of(draw, counts), 3)


@after(test_values)
def test_ten_classes(student, draw):
    """takes ten classes, and more, in reasonable time"""
    agree(student, *translated(draw, 300, 10, 0.5), 10)
    agree(student, *translated(draw, 200, 11, 0.7), 11)


@aspect("edges")
@after(test_values)
def test_classes_missing(student, draw):
    """takes classes that no image has, before or after"""
    agree(student, torch.tensor([1, 1, 3]), torch.tensor([4, 4, 0]), 6)
    agree(student, draw.integers(0, 2, 20), torch.zeros(20, dtype=torch.int64), 4)


@aspect("edges")
@after(test_values)
def test_few(student, draw):
    """takes a single image, and a single class"""
    agree(student, torch.tensor([2]), torch.tensor([1]), 3)
    agree(student, torch.zeros(4, dtype=torch.int64), torch.zeros(4, dtype=torch.int64), 1)


@aspect("edges")
@after(test_values)
def test_kinds(student, draw):
    """gives the permutation as int64 and the share as a float"""
    before, become = translated(draw, 30, 4, 0.2)
    permutation, share = parts(student.best_class_map(before, become, 4))
    has_dtype(permutation, torch.int64)
    is_true(isinstance(share, float))
    agree(student, before, become, 4)


@aspect("conventions")
@after(test_values)
def test_device(student, draw):
    """gives the permutation on the device of the classes"""
    before = torch.arange(24) % 4
    follows_device(
        lambda *given: parts(student.best_class_map(*given))[0],
        lambda *given: oracle.best_class_map(*given)[0],
        before,
        (before + 1 + int(draw.integers(0, 3, 1))) % 4,
        4,
    )


globals().update(
    usual_checks(
        oracle.best_class_map,
        lambda draw: (lambda k: (k, (k + 2) % 4, 4))(torch.arange(24) % 4),
        without=("dtype", "history", "device"),
    )
)
