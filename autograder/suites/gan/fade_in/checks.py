"""Hidden checks: the fade-in of progressive growing."""

import pytest
import torch

from autograder.checks import (
    View,
    aspect,
    close,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.fade_in import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, B=2, C=3, H=4, W=5):
    """Images or features, some of them far from [-1, 1]."""
    return 5 * draw.normal(B, C, H, W), 5 * draw.normal(B, C, 2 * H, 2 * W)


@pytest.mark.parametrize("alpha", [0.15, 0.5, 0.8])
def test_values(student, draw, alpha):
    """blends the two images in the right shares, half-way through the fade"""
    for _ in range(2):
        low, high = given(draw)
        close(student.fade_in(low, high, alpha), oracle.fade_in(low, high, alpha))


def test_start(student, draw):
    """starts with the old image alone, every pixel a block of its own colour"""
    low, high = given(draw)
    close(student.fade_in(low, high, 0.0), oracle.fade_in(low, high, 0.0))


def test_end(student, draw):
    """ends with the new image alone, with all its detail"""
    low, high = given(draw)
    close(student.fade_in(low, high, 1.0), high)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to both images, half-way and at both ends of the fade"""
    for alpha in (0.3, 0.0, 1.0):
        same_gradients(
            lambda low, high, alpha=alpha: student.fade_in(low, high, alpha),
            lambda low, high, alpha=alpha: oracle.fade_in(low, high, alpha),
            *given(draw),
        )


@aspect("edges")
def test_kinds_of_alpha(student, draw):
    """takes alpha as a 0-d tensor too, and 0 and 1 as 0.0 and 1.0"""
    low, high = given(draw)
    once_right(student.fade_in(low, high, 0.3), oracle.fade_in(low, high, 0.3))
    for alpha in (0, 1, *torch.tensor([0.0, 0.35, 1.0]).double()):
        close(student.fade_in(low, high, alpha), oracle.fade_in(low, high, float(alpha)))


@aspect("edges")
def test_sizes(student, draw):
    """takes images of any size, one pixel, one channel and a batch of one included"""
    low, high = given(draw)
    once_right(student.fade_in(low, high, 0.3), oracle.fade_in(low, high, 0.3))
    for size in ((1, 1, 1, 1), (1, 1, 3, 1), (1, 3, 7, 2), (5, 1, 6, 6)):
        low, high = given(draw, *size)
        close(student.fade_in(low, high, 0.3), oracle.fade_in(low, high, 0.3))


@aspect("conventions")
def test_layout(student, draw):
    """gives the same result when the images are crops of larger ones, not contiguous in memory"""
    low, high = given(draw)
    expected = oracle.fade_in(low, high, 0.3)
    once_right(student.fade_in(low, high, 0.3), expected)
    crops = [
        View(torch.nn.functional.pad(image, (1, 2)), ("narrow", 3, 1, image.shape[3]))
        for image in (low, high)
    ]
    close(student.fade_in(*crops, 0.3), expected)


def blends(draw):
    """Images to blend, with alpha as a number and as a tensor."""
    for alpha in (0.3, torch.tensor(0.3, dtype=torch.float64)):
        yield *given(draw), alpha


# torch.kron, a right way to enlarge an image, takes crops and refuses transposed images
globals().update(usual_checks(oracle.fade_in, blends, without=("layout",), atol=1e-6))
