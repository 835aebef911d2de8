"""Hidden checks: the fade-in of progressive growing."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.fade_in import oracle


def given(draw, B=2, C=3, H=4, W=5):
    return draw.normal(B, C, H, W), draw.normal(B, C, 2 * H, 2 * W)


@weight(3)
@pytest.mark.parametrize("alpha", [0.15, 0.5, 0.8])
def test_values(student, draw, alpha):
    """blends the two images in the right shares, half-way through the fade"""
    low, high = given(draw)
    close(student.fade_in(low, high, alpha), oracle.fade_in(low, high, alpha))


@weight(2)
def test_start(student, draw):
    """starts with the old image alone, every pixel a block of its own colour"""
    low, high = given(draw)
    close(student.fade_in(low, high, 0.0), torch.kron(low, torch.ones(1, 1, 2, 2, dtype=low.dtype)))


def test_end(student, draw):
    """ends with the new image alone, with all its detail"""
    low, high = given(draw)
    close(student.fade_in(low, high, 1.0), high)


def test_integers(student, draw):
    """takes 0 and 1 for alpha as it takes 0.0 and 1.0"""
    low, high = given(draw)
    for alpha in (0, 1):
        close(student.fade_in(low, high, alpha), oracle.fade_in(low, high, float(alpha)))


@weight(2)
def test_tensor_alpha(student, draw):
    """takes alpha as a 0-d tensor too"""
    low, high = given(draw)
    for alpha in (0.0, 0.35, 1.0):
        close(
            student.fade_in(low, high, torch.tensor(alpha, dtype=torch.float64)),
            oracle.fade_in(low, high, alpha),
        )


def test_sizes(student, draw):
    """works for images of any size, one pixel included"""
    for H, W in ((1, 1), (3, 1), (7, 2), (6, 6)):
        low, high = given(draw, B=1, C=1, H=H, W=W)
        close(student.fade_in(low, high, 0.3), oracle.fade_in(low, high, 0.3))


def test_range(student, draw):
    """leaves values outside of [-1, 1] as they are: features are faded as well as images"""
    low, high = (5 * tensor for tensor in given(draw))
    close(student.fade_in(low, high, 0.6), oracle.fade_in(low, high, 0.6))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both images"""
    same_gradients(
        lambda low, high: student.fade_in(low, high, 0.3),
        lambda low, high: oracle.fade_in(low, high, 0.3),
        *given(draw),
    )


def blends(draw):
    """Images to blend, with alpha as a number and as a tensor."""
    for alpha in (0.3, torch.tensor(0.3, dtype=torch.float64)):
        yield *given(draw), alpha


# torch.kron, a right way to enlarge an image, itself refuses transposed ones
globals().update(usual_checks(oracle.fade_in, blends, without=("layout",), rtol=1e-8, atol=1e-10))
