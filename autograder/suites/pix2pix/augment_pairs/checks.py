"""Hidden checks: pairs that stay in step."""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, refuses, usual_checks
from autograder.suites.pix2pix.augment_pairs import oracle

ASPECTS = {"values": 0.6, "gradients": 0.15, "edges": 0.15, "conventions": 0.1}


def pairs(draw, n=5, height=7, width=9, size=4, n_source=3, n_target=1):
    return (
        draw.normal(n, n_source, height, width),
        draw.normal(n, n_target, height, width),
        draw.integers(0, height - size + 1, n),
        draw.integers(0, width - size + 1, n),
        draw.integers(0, 2, n).bool(),
        size,
    )


def agree(student, *given):
    close(student.augment_pairs(*given), oracle.augment_pairs(*given), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "height", "width", "size"), [(5, 7, 9, 4), (6, 9, 6, 5), (4, 8, 8, 7), (3, 6, 12, 2)]
)
def test_values(student, draw, n, height, width, size):
    """crops and mirrors each pair by its own numbers, both images alike"""
    x, y, top, left, flip, size = pairs(draw, n, height, width, size)
    flip[:2] = torch.tensor([True, False])
    agree(student, x, y, top, left, flip, size)


@after(test_values)
@pytest.mark.parametrize("flipped", [True, False])
def test_all_alike(student, draw, flipped):
    """mirrors all pairs or none"""
    x, y, top, left, flip, size = pairs(draw)
    agree(student, x, y, top, left, torch.full_like(flip, flipped), size)


@after(test_values)
def test_channels(student, draw):
    """works for sources and targets of any number of channels"""
    for n_source, n_target in ((1, 3), (2, 2), (4, 1)):
        agree(student, *pairs(draw, n_source=n_source, n_target=n_target))


@aspect("gradients")
@after(test_values)
def test_gradients(student, draw):
    """sends the right gradients to both images"""
    x, y, *rest = pairs(draw)
    found = []
    weights = None
    for function in (oracle.augment_pairs, student.augment_pairs):
        leaves = [x.clone().requires_grad_(), y.clone().requires_grad_()]
        results = function(*leaves, *rest)
        if weights is None:
            weights = [draw.normal(*each.shape) for each in results]
        for one in range(2):
            is_true(isinstance(results[one], torch.Tensor) and results[one].requires_grad)
        sum((w * each).sum() for w, each in zip(weights, results, strict=True)).backward()
        found.append([leaf.grad for leaf in leaves])
    close(found[1], found[0])


@aspect("edges")
@after(test_values)
def test_one_pair(student, draw):
    """works for a batch of one and for crops of one pixel"""
    agree(student, *pairs(draw, 1))
    agree(student, *pairs(draw, 3, 5, 5, 1))
    agree(student, *pairs(draw, 1, 1, 1, 1, 1, 1))


@aspect("edges")
@after(test_values)
def test_whole_image(student, draw):
    """keeps the whole image if the crop is as large, mirrored or not, and reaches the far corner"""
    agree(student, *pairs(draw, 4, 6, 6, 6))
    x, y, top, left, flip, size = pairs(draw)
    agree(student, x, y, torch.full_like(top, 3), torch.full_like(left, 5), flip, size)


@aspect("edges")
@after(test_values)
def test_refuses(student, draw):
    """raises ValueError for a crop that does not lie within its image, on any side"""
    x, y, top, left, flip, size = pairs(draw)
    for number, value in ((0, -1), (0, 4), (1, -1), (1, 6)):
        offsets = [top.clone(), left.clone()]
        offsets[number][2] = value
        refuses(student.augment_pairs, x, y, *offsets, flip, size)
    refuses(student.augment_pairs, x, y, 0 * top, 0 * left, flip, 8)


globals().update(usual_checks(oracle.augment_pairs, lambda draw: pairs(draw)))
