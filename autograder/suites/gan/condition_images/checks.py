"""Hidden checks: labels or attributes as constant maps behind the channels of images."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, same, same_gradients, usual_checks
from autograder.suites.gan.condition_images import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def agrees(student, x, labels, n_classes):
    """Compares the conditioned images with the oracle's."""
    given = x, labels, n_classes
    close(student.condition_images(*given), oracle.condition_images(*given))


def test_labels(student, draw):
    """appends one map for each class: ones for the image's own label, zeros for the others"""
    agrees(student, draw.normal(5, 2, 3, 4), draw.integers(0, 6, 5), 6)
    agrees(student, draw.normal(1, 1, 4, 4).expand(5, -1, -1, -1).contiguous(), torch.arange(5), 6)


def test_missing_classes(student, draw):
    """has a map for every class, for those that the batch does not contain too"""
    for labels in (torch.tensor([0, 2, 0]), torch.tensor([1, 1, 1]), torch.tensor([5, 0, 5])):
        agrees(student, draw.normal(3, 1, 4, 4), labels, 6)


def test_attributes(student, draw):
    """fills each map with the attribute's own value, whatever it is"""
    for attributes in (
        draw.uniform(4, 6),
        draw.integers(0, 2, 4, 6).double(),
        3 * draw.normal(4, 6),
        torch.zeros(4, 6).double(),
    ):
        agrees(student, draw.normal(4, 3, 2, 5), attributes, 6)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the images, with labels and with attributes"""
    for condition in (draw.integers(0, 3, 4), draw.uniform(4, 3)):
        same_gradients(
            lambda x, condition=condition: student.condition_images(x, condition, 3),
            lambda x, condition=condition: oracle.condition_images(x, condition, 3),
            draw.normal(4, 2, 3, 5),
        )


@aspect("gradients", spoils=False)
def test_gradients_of_attributes(student, draw):
    """sends the right gradients to the attributes, which are floats"""
    x = draw.normal(4, 2, 3, 5)
    same_gradients(
        lambda labels: student.condition_images(x, labels, 3),
        lambda labels: oracle.condition_images(x, labels, 3),
        draw.uniform(4, 3),
    )


@aspect("edges")
def test_square(student, draw):
    """is not confused when all sizes are the same"""
    agrees(student, draw.normal(4, 4, 4, 4), draw.uniform(4, 4), 4)
    agrees(student, draw.normal(4, 4, 4, 4), draw.permutation(4), 4)


@aspect("edges")
@pytest.mark.parametrize(
    "shape, n_classes", [((1, 3, 5, 4), 3), ((5, 2, 3, 4), 1), ((3, 1, 1, 6), 2), ((1, 1, 1, 1), 1)]
)
def test_one(student, draw, shape, n_classes):
    """works for a batch of one image, a single class or attribute, images of one row or pixel"""
    x = draw.normal(*shape)
    agrees(student, x, draw.integers(0, n_classes, len(x)), n_classes)
    agrees(student, x, draw.uniform(len(x), n_classes), n_classes)


@aspect("edges")
def test_many_classes(student, draw):
    """works for hundreds of classes"""
    agrees(student, draw.normal(6, 1, 2, 1), torch.tensor([0, 127, 128, 255, 256, 299]), 300)


@aspect("conventions")
def test_dtype(student, draw):
    """keeps the precision of the images, whatever that of the labels"""
    x, labels = draw.normal(5, 2, 4, 3), draw.integers(0, 4, 5)
    for condition in (labels, draw.uniform(5, 4)):
        same(student.condition_images(x, condition, 4), oracle.condition_images(x, condition, 4))
    for dtype in (torch.float16, torch.float32, torch.float64):
        value = student.condition_images(x.to(dtype), labels, 4)
        has_dtype(value, dtype)
        same(value, oracle.condition_images(x.to(dtype), labels, 4))
        for other in (torch.float32, torch.float64):
            attributes = draw.integers(0, 2, 5, 4).to(other)
            has_dtype(student.condition_images(x.to(dtype), attributes, 4), dtype)


def conditions(draw):
    """Images with labels, and with attributes."""
    x = draw.normal(5, 2, 4, 3)
    yield x, draw.integers(0, 4, 5), 4
    yield x, draw.uniform(5, 4), 4


usual = usual_checks(oracle.condition_images, conditions, without=("dtype",))


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves its arguments as they were: the generator and the next step need the labels"""
    usual["test_inputs"](student, draw)


globals().update(usual | {"test_inputs": test_inputs})
