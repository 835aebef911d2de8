"""Hidden checks: labels or attributes behind the codes."""

import torch

from autograder.checks import close, has_dtype, is_true, same, same_gradients, usual_checks, weight
from autograder.suites.gan.condition_codes import oracle


@weight(3)
def test_labels(student, draw):
    """appends the one-hot code of each label"""
    z, labels = draw.normal(7, 3), draw.integers(0, 4, 7)
    close(student.condition_codes(z, labels, 4), oracle.condition_codes(z, labels, 4))


@weight(2)
def test_missing_classes(student, draw):
    """has a place for every class, for those that the batch does not contain too"""
    z = draw.normal(3, 4)
    for labels in (torch.tensor([0, 2, 0]), torch.tensor([1, 1, 1]), torch.tensor([5, 0, 5])):
        close(student.condition_codes(z, labels, 6), oracle.condition_codes(z, labels, 6))


@weight(2)
def test_attributes(student, draw):
    """appends attributes (B, n_classes) as they are, several at once and between 0 and 1 too"""
    z = draw.normal(4, 5)
    for attributes in (draw.uniform(4, 3), draw.integers(0, 2, 4, 3).double(), draw.normal(4, 3)):
        close(student.condition_codes(z, attributes, 3), oracle.condition_codes(z, attributes, 3))


def test_square(student, draw):
    """is not confused when the batch, the code and the classes are of one size"""
    z, attributes = draw.normal(4, 4), draw.uniform(4, 4)
    close(student.condition_codes(z, attributes, 4), oracle.condition_codes(z, attributes, 4))
    labels = draw.permutation(4)
    close(student.condition_codes(z, labels, 4), oracle.condition_codes(z, labels, 4))


def test_single(student, draw):
    """works for a batch of one code"""
    z = draw.normal(1, 3)
    close(
        student.condition_codes(z, torch.tensor([1]), 2),
        oracle.condition_codes(z, torch.tensor([1]), 2),
    )
    close(
        student.condition_codes(z, torch.tensor([[0.3, 1.0]]).double(), 2),
        oracle.condition_codes(z, torch.tensor([[0.3, 1.0]]), 2),
    )


def test_gradients(student, draw):
    """sends the right gradients to the codes and to the attributes"""
    labels = draw.integers(0, 3, 4)
    same_gradients(
        lambda z: student.condition_codes(z, labels, 3),
        lambda z: oracle.condition_codes(z, labels, 3),
        draw.normal(4, 2),
    )
    same_gradients(
        lambda z, attributes: student.condition_codes(z, attributes, 3),
        lambda z, attributes: oracle.condition_codes(z, attributes, 3),
        draw.normal(4, 2),
        draw.uniform(4, 3),
    )


@weight(2)
def test_dtype(student, draw):
    """keeps the precision of the codes, whatever that of the labels"""
    z, labels = draw.normal(5, 3), draw.integers(0, 4, 5)
    same(student.condition_codes(z, labels, 4), oracle.condition_codes(z, labels, 4))
    for dtype in (torch.float16, torch.float32, torch.float64):
        value = student.condition_codes(z.to(dtype), labels, 4)
        has_dtype(value, dtype)
        same(value, oracle.condition_codes(z.to(dtype), labels, 4))
        has_dtype(student.condition_codes(z.to(dtype), draw.integers(0, 2, 5, 4).float(), 4), dtype)


def test_conditions_differ(student, draw):
    """gives the same code another condition for another label, and nothing else"""
    z = draw.normal(1, 3).expand(5, 3).contiguous()
    value = student.condition_codes(z, torch.arange(5), 5)
    close(value, torch.cat([z, torch.eye(5, dtype=torch.float64)], dim=1))
    is_true(len(value.unique(dim=0)) == 5)


def conditions(draw):
    """Codes with labels, and with attributes."""
    z = draw.normal(5, 3)
    yield z, draw.integers(0, 4, 5), 4
    yield z, draw.uniform(5, 4), 4


globals().update(usual_checks(oracle.condition_codes, conditions, without=("dtype",)))
