"""Hidden checks: labels or attributes as constant maps behind the channels of images."""

import torch

from autograder.checks import close, has_dtype, same, same_gradients, usual_checks, weight
from autograder.suites.gan.condition_images import oracle


@weight(3)
def test_labels(student, draw):
    """appends one map for each class: ones for the image's own label, zeros for the others"""
    x, labels = draw.normal(5, 2, 3, 4), draw.integers(0, 6, 5)
    close(student.condition_images(x, labels, 6), oracle.condition_images(x, labels, 6))


@weight(2)
def test_missing_classes(student, draw):
    """has a map for every class, for those that the batch does not contain too"""
    x = draw.normal(3, 1, 4, 4)
    for labels in (torch.tensor([0, 2, 0]), torch.tensor([1, 1, 1]), torch.tensor([5, 0, 5])):
        close(student.condition_images(x, labels, 6), oracle.condition_images(x, labels, 6))


@weight(2)
def test_attributes(student, draw):
    """fills each map with the attribute's own value, several at once and between 0 and 1 too"""
    x = draw.normal(4, 3, 2, 5)
    for attributes in (draw.uniform(4, 6), draw.integers(0, 2, 4, 6).double(), draw.normal(4, 6)):
        close(student.condition_images(x, attributes, 6), oracle.condition_images(x, attributes, 6))


def test_square(student, draw):
    """is not confused when all sizes are the same"""
    x, attributes = draw.normal(4, 4, 4, 4), draw.uniform(4, 4)
    close(student.condition_images(x, attributes, 4), oracle.condition_images(x, attributes, 4))
    labels = draw.permutation(4)
    close(student.condition_images(x, labels, 4), oracle.condition_images(x, labels, 4))


def test_single(student, draw):
    """works for a batch of one image, and for images of one pixel"""
    for x in (draw.normal(1, 3, 5, 4), draw.normal(1, 1, 1, 1)):
        close(
            student.condition_images(x, torch.tensor([1]), 3),
            oracle.condition_images(x, torch.tensor([1]), 3),
        )
        attributes = draw.uniform(1, 3)
        close(student.condition_images(x, attributes, 3), oracle.condition_images(x, attributes, 3))


def test_gradients(student, draw):
    """sends the right gradients to the images and to the attributes"""
    labels = draw.integers(0, 3, 4)
    same_gradients(
        lambda x: student.condition_images(x, labels, 3),
        lambda x: oracle.condition_images(x, labels, 3),
        draw.normal(4, 2, 3, 5),
    )
    same_gradients(
        lambda x, attributes: student.condition_images(x, attributes, 3),
        lambda x, attributes: oracle.condition_images(x, attributes, 3),
        draw.normal(4, 2, 3, 5),
        draw.uniform(4, 3),
    )


@weight(2)
def test_dtype(student, draw):
    """keeps the precision of the images, whatever that of the labels"""
    x, labels = draw.normal(3, 2, 4, 3), draw.integers(0, 4, 3)
    for dtype in (torch.float16, torch.float32, torch.float64):
        value = student.condition_images(x.to(dtype), labels, 4)
        has_dtype(value, dtype)
        same(value, oracle.condition_images(x.to(dtype), labels, 4))
        has_dtype(
            student.condition_images(x.to(dtype), draw.integers(0, 2, 3, 4).float(), 4), dtype
        )


def conditions(draw):
    """Images with labels, and with attributes."""
    x = draw.normal(5, 2, 4, 3)
    yield x, draw.integers(0, 4, 5), 4
    yield x, draw.uniform(5, 4), 4


globals().update(usual_checks(oracle.condition_images, conditions, without=("dtype",)))
