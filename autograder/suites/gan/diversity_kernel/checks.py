"""Hidden checks: the diversity kernel of GDPP."""

import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.gan.diversity_kernel import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agrees(student, features, **tolerances):
    close(student.diversity_kernel(features), oracle.diversity_kernel(features), **tolerances)


def test_values(student, draw):
    """holds the inner product of every pair of samples, lengths and all"""
    agrees(student, draw.normal(5, 3) * (0.3 + 3 * draw.uniform(5, 1)))


def test_square(student, draw):
    """compares samples with samples, whether there are more features, fewer, or as many"""
    for shape in ((4, 4), (3, 50), (40, 7)):
        agrees(student, draw.normal(*shape))


def test_shift(student, draw):
    """leaves features that are far from zero where they are"""
    agrees(student, draw.normal(6, 4) + torch.tensor([5.0, -3.0, 0.0, 10.0], dtype=torch.float64))


@aspect("edges")
@after(test_values)
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


@aspect("edges")
@after(test_values)
def test_scale(student, draw):
    """holds the inner products themselves, with nothing added, for very small and large features"""
    features = draw.normal(5, 3)
    for scale in (1e-4, 1e4):
        agrees(student, scale * features, atol=1e-7 * scale**2)


@aspect("edges")
@after(test_values)
def test_one(student, draw):
    """works for a batch of one, and for a single feature"""
    for shape in ((1, 4), (5, 1), (1, 1)):
        agrees(student, draw.normal(*shape))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the features"""
    for shape in ((5, 3), (2, 6)):
        features = draw.normal(*shape)
        same_gradients(student.diversity_kernel, oracle.diversity_kernel, features)


@aspect("gradients")
def test_gradient_of_pair(student, draw):
    """sends gradients to both samples of a pair from each of its two entries"""
    for i, j in ((0, 2), (2, 0), (1, 1)):
        same_gradients(
            lambda features: torch.as_tensor(student.diversity_kernel(features))[i, j],  # noqa: B023
            lambda features: oracle.diversity_kernel(features)[i, j],  # noqa: B023
            draw.normal(4, 3),
        )


globals().update(usual_checks(oracle.diversity_kernel, lambda draw: (draw.normal(5, 3),)))
