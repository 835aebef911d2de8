"""Hidden checks: labels or attributes behind the codes."""

import pytest
import torch

from autograder.checks import aspect, close, has_dtype, same, same_gradients, usual_checks
from autograder.suites.gan.condition_codes import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def agrees(student, z, labels, n_classes):
    """Compares the conditioned codes with the oracle's."""
    given = z, labels, n_classes
    close(student.condition_codes(*given), oracle.condition_codes(*given))


def test_labels(student, draw):
    """appends the one-hot code of each label"""
    agrees(student, draw.normal(7, 3), draw.integers(0, 4, 7), 4)
    agrees(student, draw.normal(1, 3).expand(5, 3).contiguous(), torch.arange(5), 6)


def test_missing_classes(student, draw):
    """has a place for every class, for those that the batch does not contain too"""
    for labels in (torch.tensor([0, 2, 0]), torch.tensor([1, 1, 1]), torch.tensor([5, 0, 5])):
        agrees(student, draw.normal(3, 4), labels, 6)


def test_attributes(student, draw):
    """appends attributes (B, n_classes) as they are, whatever their values"""
    for attributes in (
        draw.uniform(4, 3),
        draw.integers(0, 2, 4, 3).double(),
        3 * draw.normal(4, 3),
        torch.zeros(4, 3).double(),
    ):
        agrees(student, draw.normal(4, 5), attributes, 3)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the codes, with labels and with attributes"""
    for condition in (draw.integers(0, 3, 4), draw.uniform(4, 3)):
        same_gradients(
            lambda z, condition=condition: student.condition_codes(z, condition, 3),
            lambda z, condition=condition: oracle.condition_codes(z, condition, 3),
            draw.normal(4, 2),
        )


@aspect("gradients", spoils=False)
def test_gradients_of_attributes(student, draw):
    """sends the right gradients to the attributes, which are floats"""
    z = draw.normal(4, 2)
    same_gradients(
        lambda labels: student.condition_codes(z, labels, 3),
        lambda labels: oracle.condition_codes(z, labels, 3),
        draw.uniform(4, 3),
    )


@aspect("edges")
def test_square(student, draw):
    """tells labels from attributes when batch, code and classes are of one size"""
    agrees(student, draw.normal(4, 4), draw.uniform(4, 4), 4)
    agrees(student, draw.normal(4, 4), draw.permutation(4), 4)


@aspect("edges")
@pytest.mark.parametrize("B, n_latent, n_classes", [(1, 3, 2), (1, 1, 4), (5, 3, 1), (1, 1, 1)])
def test_one(student, draw, B, n_latent, n_classes):
    """works for a batch of one, codes of one number, and a single class or attribute"""
    z = draw.normal(B, n_latent)
    agrees(student, z, draw.integers(0, n_classes, B), n_classes)
    agrees(student, z, draw.uniform(B, n_classes), n_classes)


@aspect("edges")
def test_many_classes(student, draw):
    """works for hundreds of classes"""
    agrees(student, draw.normal(6, 2), torch.tensor([0, 127, 128, 255, 256, 299]), 300)


@aspect("conventions")
def test_dtype(student, draw):
    """keeps the precision of the codes, whatever that of the labels"""
    z, labels = draw.normal(5, 3), draw.integers(0, 4, 5)
    for condition in (labels, draw.uniform(5, 4)):
        same(student.condition_codes(z, condition, 4), oracle.condition_codes(z, condition, 4))
    for dtype in (torch.float16, torch.float32, torch.float64):
        value = student.condition_codes(z.to(dtype), labels, 4)
        has_dtype(value, dtype)
        same(value, oracle.condition_codes(z.to(dtype), labels, 4))
        for other in (torch.float32, torch.float64):
            attributes = draw.integers(0, 2, 5, 4).to(other)
            has_dtype(student.condition_codes(z.to(dtype), attributes, 4), dtype)


def conditions(draw):
    """Codes with labels, and with attributes."""
    z = draw.normal(5, 3)
    yield z, draw.integers(0, 4, 5), 4
    yield z, draw.uniform(5, 4), 4


usual = usual_checks(oracle.condition_codes, conditions, without=("dtype",))


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves its arguments as they were: the discriminator and the next step need the labels"""
    usual["test_inputs"](student, draw)


globals().update(usual | {"test_inputs": test_inputs})
