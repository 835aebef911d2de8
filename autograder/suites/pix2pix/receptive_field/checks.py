"""Hidden checks: what a logit looks at."""

import pytest

from autograder.checks import after, aspect, inputs_unchanged, is_true, same
from autograder.suites.pix2pix.receptive_field import oracle

ASPECTS = {"values": 0.8, "edges": 0.1, "conventions": 0.1}

KNOWN = [
    [(4, 2, 1), (4, 1, 1), (4, 1, 1)],
    [(4, 2, 1)] * 3 + [(4, 1, 1)] * 2,
    [(4, 2, 1)] * 4 + [(4, 1, 0)],
    [(3, 2, 1), (5, 1, 2), (3, 2, 0), (1, 1, 0)],
]


def agree(student, layers):
    same(student.receptive_field(layers), oracle.receptive_field(layers))


def random_layers(draw, n, **ranges):
    limits = {"kernel": (1, 6), "stride": (1, 4), "padding": (0, 3)} | ranges
    columns = [draw.integers(*limits[name], n).tolist() for name in limits]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("layers", KNOWN)
def test_discriminators(student, draw, layers):
    """is right for the layers of discriminators, the ones of the paper among them"""
    agree(student, layers)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_random_layers(student, draw, n):
    """is right for any kernels, strides and paddings in any order"""
    for _ in range(3):
        agree(student, random_layers(draw, n))


@after(test_random_layers)
def test_strides_before_and_after(student, draw):
    """counts a kernel by the strides of the layers before it, not by its own or by later ones"""
    for layers in ([(5, 1, 0), (3, 4, 2)], [(3, 4, 2), (5, 1, 0)], [(2, 3, 1), (4, 3, 3)]):
        agree(student, layers)


@after(test_random_layers)
def test_gaps(student, draw):
    """is right where a stride is larger than the kernel, so that pixels are left out"""
    agree(student, random_layers(draw, 3, kernel=(1, 3), stride=(3, 6)))


@aspect("edges")
@after(test_random_layers)
def test_no_layers(student, draw):
    """takes a logit for a pixel when there is no layer"""
    agree(student, [])


@aspect("edges")
@after(test_random_layers)
def test_no_padding(student, draw):
    """is right without any padding, where the first pixel is pixel 0"""
    agree(student, random_layers(draw, 4, padding=(0, 1)))


@aspect("edges")
@after(test_random_layers)
def test_many_layers(student, draw):
    """stays exact for many layers"""
    agree(student, [(3, 2, 1)] * 40)


@aspect("conventions")
@after(test_random_layers)
def test_whole_numbers(student, draw):
    """returns whole numbers, and leaves the layers as they were"""
    layers = random_layers(draw, 3)
    result = student.receptive_field(layers)
    inputs_unchanged(student)
    is_true(all(int(number) == number for number in result))
    same(student.receptive_field([list(layer) for layer in layers]), result)
    same(student.receptive_field(layers), oracle.receptive_field(layers))
