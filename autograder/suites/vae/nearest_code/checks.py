"""Hidden checks: the nearest code."""

import torch

from autograder.checks import has_dtype, has_shape, same, usual_checks, weight
from autograder.suites.vae.nearest_code import oracle


@weight(3)
def test_values(student, draw):
    """finds the nearest code of each z, when codes have different lengths"""
    z, codebook = 2 * draw.normal(60, 3), draw.normal(17, 3) * (0.3 + 2 * draw.uniform(17, 1))
    same(student.nearest_code(z, codebook), oracle.nearest_code(z, codebook))


@weight(2)
def test_euclidean(student, draw):
    """measures distance as Euclid does, in many dimensions"""
    z, codebook = draw.normal(80, 16), draw.normal(30, 16)
    same(student.nearest_code(z, codebook), oracle.nearest_code(z, codebook))


def test_long_codes(student, draw):
    """is not drawn to codes that are merely long"""
    codebook = draw.normal(12, 4)
    z = codebook[draw.permutation(12)] + 0.01 * draw.normal(12, 4)
    longer = torch.cat([codebook, 20 * codebook])
    same(student.nearest_code(z, longer), oracle.nearest_code(z, longer))


def test_large_codebook(student, draw):
    """works when there are more codes than samples"""
    z, codebook = draw.normal(3, 5), draw.normal(50, 5)
    same(student.nearest_code(z, codebook), oracle.nearest_code(z, codebook))


def test_single_code(student, draw):
    """works with a codebook of one, and for a batch of one"""
    z, codebook = draw.normal(5, 3), draw.normal(4, 3)
    same(student.nearest_code(z, codebook[:1]), oracle.nearest_code(z, codebook[:1]))
    same(student.nearest_code(z[:1], codebook), oracle.nearest_code(z[:1], codebook))


def test_integers(student, draw):
    """returns one int64 index for each z, whatever the dtype of z"""
    z, codebook = draw.normal(7, 3), draw.normal(4, 3)
    for dtype in (torch.float32, torch.float64):
        value = student.nearest_code(z.to(dtype), codebook.to(dtype))
        has_shape(value, 7)
        has_dtype(value, torch.int64)


globals().update(
    usual_checks(
        oracle.nearest_code,
        lambda draw: (draw.normal(7, 3), draw.normal(4, 3)),
        without=("dtype", "history"),
    )
)
