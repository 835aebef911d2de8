"""Hidden checks: the pairing of noise with data in a batch."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, is_true, same, usual_checks
from autograder.suites.diffusion.minibatch_coupling import oracle

ASPECTS = {"values": 0.72, "edges": 0.2, "conventions": 0.08}


def pairs(student, x_0, x_1):
    """What the answer returns, if it is a permutation."""
    permutation = student.minibatch_coupling(x_0, x_1)
    is_true(isinstance(permutation, torch.Tensor), "no tensor")
    is_true(permutation.shape == (len(x_0),), f"shape {tuple(permutation.shape)}")
    same(permutation.sort().values, torch.arange(len(x_0)))
    return permutation.long()


def cheapest(student, x_0, x_1, best=None):
    """Fail unless the answer is as cheap as the best permutation."""
    table = oracle.costs(x_0, x_1)
    least = oracle.total(table, oracle.minibatch_coupling(x_0, x_1)) if best is None else best
    close(oracle.total(table, pairs(student, x_0, x_1)), least, 1e-9, 1e-9)


def right_in_general(student, draw):
    cheapest(student, draw.normal(5, 2), draw.normal(5, 2))


@pytest.mark.parametrize("n, size", [(3, 2), (5, 2), (6, 1), (6, 3), (6, 10)])
@pytest.mark.parametrize("case", range(3))
def test_small(student, draw, n, size, case):
    """is the cheapest of all permutations of a small batch"""
    cheapest(student, draw.normal(n, size), 1.5 * draw.normal(n, size))


def test_line(student, draw):
    """pairs numbers in their order"""
    x_0, x_1 = draw.normal(40, 1), draw.normal(40, 1) + 1
    best = (x_0.flatten().sort().values - x_1.flatten().sort().values).square().sum()
    cheapest(student, x_0, x_1, best)


def test_shift(student, draw):
    """undoes a permutation of the data that a shift and a stretch have hidden"""
    x_0, permutation = draw.normal(48, 3), draw.permutation(48)
    x_1 = 2 * x_0[permutation] + draw.normal(3)  # a gradient of a convex function: optimal
    same(pairs(student, x_0, x_1), permutation.argsort())


@pytest.mark.parametrize("shape", [(5, 1, 2, 3), (6, 2, 2, 2), (4, 3, 1)], ids=str)
def test_images(student, draw, shape):
    """takes the squares over all axes of a sample"""
    cheapest(student, draw.normal(*shape), draw.normal(*shape))


def test_direction(student, draw):
    """says for each noise sample which data sample belongs to it"""
    x_0 = draw.normal(5, 2)
    cycle = torch.tensor([1, 2, 3, 4, 0])
    found = pairs(student, x_0, x_0[cycle] + 0.001 * draw.normal(5, 2))
    same(found, cycle.argsort())


def test_crossing(student, draw):
    """takes squares of distances, not distances"""
    x_0 = torch.tensor([[0.0], [1.0], [-5.0]]).double()
    x_1 = torch.tensor([[1.1], [2.1], [-5.0]]).double()
    same(pairs(student, x_0, x_1), torch.arange(3))


@aspect("edges")
def test_ties(student, draw):
    """returns a permutation where several are optimal"""
    right_in_general(student, draw)
    x_0, x_1 = draw.normal(6, 2), draw.normal(3, 2).repeat(2, 1)
    cheapest(student, x_0, x_1)
    cheapest(student, x_0[:1].expand(6, 2).contiguous(), x_1)
    cheapest(student, torch.zeros(5, 2).double(), torch.zeros(5, 2).double())


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (1, 1, 2, 2), (2, 1), (4,), (1,)], ids=str)
def test_one(student, draw, shape):
    """works for a batch of one and for samples of one number"""
    right_in_general(student, draw)
    cheapest(student, draw.normal(*shape), draw.normal(*shape))


@aspect("edges")
def test_offset(student, draw):
    """finds the pairing where places are large and distances are not, and where all are small"""
    right_in_general(student, draw)
    for offset, size in ((1e7, 1.0), (0.0, 1e-6)):
        x_0, permutation = size * draw.normal(40, 2) + offset, draw.permutation(40)
        same(pairs(student, x_0, x_0[permutation]), permutation.argsort())


@aspect("edges")
def test_kind(student, draw):
    """returns int64, for float32 and for samples that need gradients too"""
    right_in_general(student, draw)
    x_0, x_1 = draw.normal(6, 2, dtype=torch.float32), draw.normal(6, 2, dtype=torch.float32)
    has_dtype(student.minibatch_coupling(x_0, x_1), torch.int64)
    cheapest(student, draw.normal(5, 2).requires_grad_(), draw.normal(5, 2).requires_grad_())


def calls(draw):
    """Points and images, without ties."""
    yield draw.normal(5, 3), draw.normal(5, 3)
    yield draw.normal(4, 1, 2, 3), draw.normal(4, 1, 2, 3)


globals().update(usual_checks(oracle.minibatch_coupling, calls))
