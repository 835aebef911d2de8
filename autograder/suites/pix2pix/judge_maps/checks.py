"""Hidden checks: what perfect discriminators and the cycle see of maps between finite domains."""

import pytest
import torch

from autograder.checks import after, aspect, close, has_dtype, usual_checks
from autograder.suites.pix2pix.judge_maps import oracle
from autograder.suites.pix2pix.two_domains import parts

ASPECTS = {"values": 0.75, "edges": 0.15, "conventions": 0.1}


def domains(draw, n, m):
    """Probabilities of both, none of them small."""
    return tuple((lambda w: w / w.sum())(draw.uniform(size, low=0.2)) for size in (n, m))


def agree(student, *given):
    close(parts(student.judge_maps(*given), 4), list(oracle.judge_maps(*given)))


@pytest.mark.parametrize(("n", "m"), [(5, 5), (7, 4), (3, 8)])
def test_values(student, draw, n, m):
    """is right for random maps, between domains that may differ in size"""
    for _ in range(3):
        agree(student, *domains(draw, n, m), draw.integers(0, m, n), draw.integers(0, n, m))


@after(test_values)
def test_bijections(student, draw):
    """is right for permutations with their inverses, and with other permutations"""
    p, q = domains(draw, 6, 6)
    g = draw.permutation(6)
    for f in (g.argsort(), draw.permutation(6), g):
        agree(student, p, q, g, f)
    agree(student, p, p[g.argsort()], g, g.argsort())


@after(test_values)
def test_merged(student, draw):
    """counts all images that become the same one"""
    p, q = domains(draw, 6, 3)
    agree(student, p, q, torch.tensor([2, 2, 2, 2, 2, 2]), torch.tensor([4, 1, 4]))
    agree(student, p, q, torch.tensor([0, 1, 1, 1, 2, 0]), torch.tensor([0, 3, 4]))


@after(test_values)
def test_each(student, draw):
    """weights images that are lost by the probabilities of their own domain"""
    p, q = domains(draw, 4, 4)
    identity = torch.arange(4)
    swapped = torch.tensor([0, 1, 3, 2])
    agree(student, p, q, identity, swapped)
    agree(student, p, q, swapped, identity)


@aspect("edges")
@after(test_values)
def test_zeros(student, draw):
    """takes images of probability 0, which cost nothing when they are lost"""
    p = torch.tensor([0.5, 0.0, 0.5, 0.0]).double()
    q = torch.tensor([0.0, 1.0, 0.0]).double()
    agree(student, p, q, torch.tensor([1, 0, 1, 2]), torch.tensor([0, 2, 3]))
    agree(student, p, p, torch.tensor([0, 3, 2, 1]), torch.tensor([0, 0, 2, 0]))
    agree(student, p, q, torch.tensor([0, 1, 1, 2]), torch.tensor([1, 3, 1]))


@aspect("edges")
@after(test_values)
def test_single_image(student, draw):
    """takes domains of one image"""
    one, p = torch.ones(1).double(), domains(draw, 3, 2)[0]
    agree(student, one, one, torch.tensor([0]), torch.tensor([0]))
    agree(student, one, p, torch.tensor([2]), torch.tensor([0, 0, 0]))
    agree(student, p, one, torch.tensor([0, 0, 0]), torch.tensor([1]))


@aspect("conventions")
@after(test_values)
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    p, q = domains(draw, 6, 5)
    maps = draw.integers(0, 5, 6), draw.integers(0, 6, 5)
    for part in parts(student.judge_maps(p.float(), q.float(), *maps), 4):
        has_dtype(part, torch.float32)
    found = parts(student.judge_maps(p, q, *maps), 4)
    close(found, list(oracle.judge_maps(p, q, *maps)), rtol=1e-10, atol=1e-12)
    for part in found:
        has_dtype(part, torch.float64)


globals().update(
    usual_checks(
        oracle.judge_maps,
        lambda draw: (*domains(draw, 5, 4), draw.integers(0, 4, 5), draw.integers(0, 5, 4)),
        without=("dtype",),  # it changes the inputs, which would not sum to 1
    )
)
