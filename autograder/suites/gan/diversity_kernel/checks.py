"""Hidden checks: the diversity kernel of GDPP."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.diversity_kernel import oracle


@weight(3)
def test_values(student, draw):
    """holds the inner product of every pair of samples, lengths and all"""
    features = draw.normal(5, 3) * (0.3 + 3 * draw.uniform(5, 1))
    close(student.diversity_kernel(features), oracle.diversity_kernel(features))


@weight(2)
def test_square(student, draw):
    """compares samples with samples, when there are as many features as samples too"""
    features = draw.normal(4, 4)
    close(student.diversity_kernel(features), oracle.diversity_kernel(features))


def test_many_features(student, draw):
    """sums over the features when there are many of them"""
    features = draw.normal(3, 50)
    close(student.diversity_kernel(features), oracle.diversity_kernel(features))


def test_shift(student, draw):
    """leaves features that are far from zero where they are"""
    features = draw.normal(6, 4) + torch.tensor([5.0, -3.0, 0.0, 10.0], dtype=torch.float64)
    close(student.diversity_kernel(features), oracle.diversity_kernel(features))


def test_volume(student, draw):
    """has the squared volume spanned by the samples as its determinant, next to none when two
    samples are alike
    """
    features = draw.normal(3, 3)
    close(
        torch.linalg.det(torch.as_tensor(student.diversity_kernel(features))),
        torch.linalg.det(features).square(),
    )
    features[1] = features[0]
    close(torch.linalg.det(torch.as_tensor(student.diversity_kernel(features))), torch.zeros(()))


def test_small(student, draw):
    """works for a batch of one, and for a single feature"""
    for shape in ((1, 4), (5, 1)):
        features = draw.normal(*shape)
        close(student.diversity_kernel(features), oracle.diversity_kernel(features))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the features"""
    same_gradients(student.diversity_kernel, oracle.diversity_kernel, draw.normal(5, 3))


globals().update(
    usual_checks(oracle.diversity_kernel, lambda draw: (draw.normal(5, 3),), rtol=1e-8)
)
