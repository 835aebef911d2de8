"""Hidden checks: batch norm and instance norm."""

import pytest

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.pix2pix.normalize_maps import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}

PER_IMAGE = pytest.mark.parametrize("per_image", [True, False])


def maps(draw, n=4, c=3, height=5, width=2):
    """Each image and channel with its own mean and contrast."""
    scale = draw.uniform(n, c, 1, 1, low=0.3, high=3)
    return scale * draw.normal(n, c, height, width) + 2 * draw.normal(n, c, 1, 1)


def agree(student, *given, **tolerances):
    close(student.normalize_maps(*given), oracle.normalize_maps(*given), **tolerances)


@PER_IMAGE
@pytest.mark.parametrize("shape", [(4, 3, 5, 2), (3, 3, 4, 4), (2, 6, 3, 7)])
def test_values(student, draw, per_image, shape):
    """is right for maps whose images and channels differ in mean and contrast"""
    agree(student, maps(draw, *shape), per_image)


@after(test_values)
@PER_IMAGE
def test_eps(student, draw, per_image):
    """adds eps to the variance, the one that is asked for"""
    h = maps(draw)
    for eps in (0.5, 1e-3, 0.0):
        agree(student, h, per_image, eps)
    agree(student, 1e-3 * h, per_image)


@after(test_values)
def test_few_numbers(student, draw):
    """divides by the number of numbers, not by one less, which shows where there are few"""
    agree(student, maps(draw, 3, 2, 1, 2), True)
    agree(student, maps(draw, 2, 2, 1, 1), False)


@aspect("gradients")
@after(test_values)
@PER_IMAGE
def test_gradients(student, draw, per_image):
    """sends the right gradient to the maps, through the statistics too"""
    same_gradients(
        lambda h: student.normalize_maps(h, per_image),
        lambda h: oracle.normalize_maps(h, per_image),
        maps(draw),
    )


@aspect("edges")
@after(test_values)
@PER_IMAGE
def test_constant_maps(student, draw, per_image):
    """gives zeros, with finite gradients, where all numbers are equal"""
    h = maps(draw)
    h[:, 1] = 0.5
    agree(student, h, per_image)
    same_gradients(
        lambda each: student.normalize_maps(each, per_image),
        lambda each: oracle.normalize_maps(each, per_image),
        h,
        atol=1e-5,
    )


@aspect("edges")
@after(test_values)
@PER_IMAGE
def test_one_of_each(student, draw, per_image):
    """works for one image, one channel and one pixel"""
    for shape in ((1, 3, 4, 2), (3, 1, 2, 2), (4, 2, 1, 1), (1, 1, 1, 1)):
        agree(student, maps(draw, *shape), per_image)


@aspect("edges")
@after(test_values)
@PER_IMAGE
def test_far_from_zero(student, draw, per_image):
    """is right where the mean is large against the spread"""
    agree(student, maps(draw) + 1e4, per_image, rtol=1e-3, atol=1e-4)
    agree(student, (maps(draw) + 300).float(), per_image, rtol=1e-2, atol=1e-2)


def examples(draw):
    yield maps(draw), True
    yield maps(draw, width=5), False


globals().update(usual_checks(oracle.normalize_maps, examples))
