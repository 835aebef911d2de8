"""Hidden checks: minibatch discrimination."""

import torch

from autograder.checks import after, aspect, close, is_true, same_gradients, usual_checks
from autograder.suites.gan.minibatch_features import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def given(draw, B=5, A=4, K=3, C=2):
    """Features and a tensor T whose distances are neither nearly zero nor so large that every
    exponential vanishes.
    """
    return draw.normal(B, A), draw.normal(A, K, C) / (A**0.5 * C)


def agrees(student, features, T):
    close(student.minibatch_features(features, T), oracle.minibatch_features(features, T))


def test_values(student, draw):
    """has the right values for a few images"""
    agrees(student, *given(draw))


@after(test_values)
def test_sizes(student, draw):
    """tells images, features, kernels and dimensions apart, whatever their numbers"""
    for sizes in ((7, 3, 2, 5), (4, 6, 5, 2), (3, 3, 3, 3), (23, 8, 2, 4)):
        agrees(student, *given(draw, *sizes))


def test_equal_images(student, draw):
    """counts every copy of an image, the image itself included"""
    features, T = draw.normal(2, 4), draw.normal(4, 3, 2)
    agrees(student, features[[0, 0, 1, 0, 0, 1]], T)


@after(test_values)
def test_distances(student, draw):
    """counts images at every distance by as much as they are close, without a threshold"""
    places = torch.tensor([0.0, 0.2, 1.3, 4.0, 8.0, 13.0], dtype=torch.float64)
    features = (places + 0.1 * draw.uniform(6))[draw.permutation(6), None]
    T = torch.tensor([[[0.5, 0.5], [1.0, -0.3]]], dtype=torch.float64)
    value = student.minibatch_features(features, T)
    close(value, oracle.minibatch_features(features, T), rtol=1e-8)


@aspect("edges")
@after(test_values)
def test_one(student, draw):
    """works for one image, one feature, one kernel and one dimension"""
    for sizes in ((1, 4, 3, 2), (5, 1, 3, 2), (5, 4, 1, 3), (4, 5, 6, 1), (1, 1, 1, 1)):
        agrees(student, *given(draw, *sizes))


@aspect("edges")
@after(test_values)
def test_far_images(student, draw):
    """stays finite when the images lie very far apart"""
    agrees(student, 1e6 * draw.normal(5, 4), draw.normal(4, 3, 2))


@aspect("edges")
@after(test_values)
def test_near_images(student, draw):
    """tells images apart that are nearly alike"""
    features, T = given(draw)
    features = features[:1] + 1e-3 * features
    value = student.minibatch_features(features, T)
    close(value, oracle.minibatch_features(features, T), rtol=1e-6)


@aspect("gradients")
@after(test_values)
def test_gradient_features(student, draw):
    """sends the right gradients to the features of both images of a pair"""
    features, T = given(draw)
    same_gradients(
        lambda f: student.minibatch_features(f, T),
        lambda f: oracle.minibatch_features(f, T),
        features,
    )


@aspect("gradients")
@after(test_values)
def test_gradient_tensor(student, draw):
    """sends the right gradients to the tensor T"""
    features, T = given(draw)
    same_gradients(
        lambda t: student.minibatch_features(features, t),
        lambda t: oracle.minibatch_features(features, t),
        T,
    )


@aspect("gradients")
def test_gradient_far(student, draw):
    """has finite gradients when images lie far apart, as under a T that is not trained yet"""
    features, T = (
        (100 * draw.normal(5, 40)).float().requires_grad_(),
        draw.normal(40, 3, 5).float().requires_grad_(),
    )
    student.minibatch_features(features, T).sum().backward()
    is_true(features.grad is not None and torch.isfinite(features.grad).all())
    is_true(T.grad is not None and torch.isfinite(T.grad).all())


globals().update(usual_checks(oracle.minibatch_features, given))
