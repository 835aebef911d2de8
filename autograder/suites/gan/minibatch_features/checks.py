"""Hidden checks: minibatch discrimination."""

import pytest

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.minibatch_features import oracle


def given(draw, B=5, A=4, K=3, C=2):
    """Features and a tensor T whose distances are neither nearly zero nor so large that every
    exponential vanishes.
    """
    return draw.normal(B, A), draw.normal(A, K, C) / (A**0.5 * C)


@weight(3)
def test_values(student, draw):
    """has the right values for a few images"""
    features, T = given(draw)
    close(student.minibatch_features(features, T), oracle.minibatch_features(features, T))


@weight(2)
@pytest.mark.parametrize(
    "sizes", [(7, 3, 2, 5), (4, 6, 5, 2), (3, 3, 3, 3), (6, 2, 1, 4), (4, 5, 6, 1)]
)
def test_sizes(student, draw, sizes):
    """tells images, features, kernels and dimensions apart, whatever their numbers"""
    features, T = given(draw, *sizes)
    close(student.minibatch_features(features, T), oracle.minibatch_features(features, T))


@weight(2)
def test_equal_images(student, draw):
    """counts every copy of an image, the image itself included"""
    features, T = draw.normal(2, 4), draw.normal(4, 3, 2)
    repeated = features[[0, 0, 1, 0, 0, 1]]
    close(student.minibatch_features(repeated, T), oracle.minibatch_features(repeated, T))


def test_one_image(student, draw):
    """works for a batch of one, and for one kernel"""
    for sizes in ((1, 4, 3, 2), (5, 4, 1, 3)):
        features, T = given(draw, *sizes)
        close(student.minibatch_features(features, T), oracle.minibatch_features(features, T))


def test_far_images(student, draw):
    """stays finite when the images lie very far apart"""
    features, T = 1e6 * draw.normal(5, 4), draw.normal(4, 3, 2)
    close(student.minibatch_features(features, T), oracle.minibatch_features(features, T))


@weight(2)
def test_gradient_features(student, draw):
    """sends the right gradients to the features of both images of a pair"""
    features, T = given(draw)
    same_gradients(
        lambda f: student.minibatch_features(f, T),
        lambda f: oracle.minibatch_features(f, T),
        features,
    )


@weight(4)
def test_gradient_tensor(student, draw):
    """sends the right gradients to the tensor T"""
    features, T = given(draw)
    same_gradients(
        lambda t: student.minibatch_features(features, t),
        lambda t: oracle.minibatch_features(features, t),
        T,
    )


globals().update(usual_checks(oracle.minibatch_features, given, rtol=1e-9))
