"""Hidden checks: the objective of both maps, and its parts."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    has_dtype,
    is_true,
    refuses,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.pix2pix.cyclegan_losses import oracle
from autograder.suites.pix2pix.two_domains import no_graph

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}

NAMES = ("total", "G", "F", "cycle_A", "cycle_B", "identity_G", "identity_F")


def tensors(draw, n_a=3, n_b=2, shape=(2, 3, 4)):
    """The eight tensors of one iteration, none of them like another."""
    a, b = draw.normal(n_a, *shape), 1.5 * draw.normal(n_b, *shape)
    return (
        2 * draw.normal(n_b, 1, 2, 2) - 0.5,
        draw.normal(n_a, 1, 3, 2) + 1,
        a,
        b,
        a + draw.normal(n_a, *shape),
        b + 2 * draw.normal(n_b, *shape),
        a + 0.5 * draw.normal(n_a, *shape),
        b + 3 * draw.normal(n_b, *shape),
    )


def agree(student, *given, **weights):
    close(
        dict(student.cyclegan_losses(*given, **weights)), oracle.cyclegan_losses(*given, **weights)
    )


@pytest.mark.parametrize("weights", [(10.0, 5.0), (3.0, 0.7)])
def test_values(student, draw, weights):
    """gives the seven parts, the sum with its weights and the others without"""
    agree(student, *tensors(draw), lambda_cycle=weights[0], lambda_identity=weights[1])


@after(test_values)
@pytest.mark.parametrize("name", ["G", "F", "cycle_A", "cycle_B", "identity_G", "identity_F"])
def test_split(student, draw, name):
    """gives each part the right name"""
    given = tensors(draw)
    expected = oracle.cyclegan_losses(*given, lambda_cycle=2.0, lambda_identity=1.5)
    found = student.cyclegan_losses(*given, lambda_cycle=2.0, lambda_identity=1.5)
    close(found[name], expected[name])


@after(test_values)
def test_defaults(student, draw):
    """has the weights 10 and 0 unless others are given, with and without images for the identity"""
    given = tensors(draw)
    agree(student, *given)
    agree(student, *given[:6])


@after(test_values)
def test_domains_differ(student, draw):
    """takes domains whose images differ in shape, without the identity loss"""
    a, b = draw.normal(3, 1, 4, 2), draw.normal(1, 3, 2, 5)
    agree(student, draw.normal(1, 1), draw.normal(3), a, b, a + 1, b - draw.normal(1, 3, 2, 5))


@aspect("gradients")
@pytest.mark.parametrize("name", ["total", *NAMES[1:]])
def test_gradients(student, draw, name):
    """sends the right gradients from every part to what it is computed from"""
    weights = {"lambda_cycle": 2.0, "lambda_identity": 1.5}

    def ours(on_fake_a, on_fake_b, a, b, back_a, back_b, same_a, same_b):
        given = (on_fake_a, on_fake_b, a, b, back_a, back_b, same_a, same_b)
        return oracle.cyclegan_losses(*given, **weights)[name]

    same_gradients(
        lambda *given: student.cyclegan_losses(*given, **weights)[name], ours, *tensors(draw, 2, 1)
    )


@aspect("gradients")
@after(test_values)
def test_gradients_when_back(student, draw):
    """sends finite gradients where images come back exactly and outputs are exactly 1"""
    a, b = draw.normal(2, 1, 2, 2), draw.normal(3, 1, 2, 2)
    ones = torch.ones(2, 1, 2, 2, dtype=torch.float64)

    def ours(on_fake_a, on_fake_b, a, b, back_a, back_b):
        return oracle.cyclegan_losses(on_fake_a, on_fake_b, a, b, back_a, back_b)["total"]

    same_gradients(
        lambda *given: student.cyclegan_losses(*given)["total"], ours, ones, ones, a, b, a, b
    )


@after(test_values)
@pytest.mark.parametrize("weights", [(0.0, 0.0), (0.0, 2.0), (4.0, 0.0), (1, 0)])
def test_zero_weights(student, draw, weights):
    """still gives every part where a weight is 0"""
    agree(student, *tensors(draw), lambda_cycle=weights[0], lambda_identity=weights[1])


@aspect("edges")
@after(test_values)
def test_one_missing(student, draw):
    """has a part of 0 for images that are None, and the other part as it is"""
    given = list(tensors(draw))
    for missing in (6, 7):
        agree(student, *[None if i == missing else x for i, x in enumerate(given)])
    single = [x.float() for x in given[:6]]
    for name in ("identity_G", "identity_F"):
        part = student.cyclegan_losses(*single)[name]
        has_dtype(part, torch.float32)
        same(part, torch.zeros(()))
        is_true(no_graph(part))


@aspect("edges")
@pytest.mark.parametrize("missing", [(6,), (7,), (6, 7)])
def test_refuses(student, draw, missing):
    """raises ValueError when a weight is given for images that are None"""
    given = [None if i in missing else x for i, x in enumerate(tensors(draw))]
    agree(student, *tensors(draw))
    refuses(lambda: student.cyclegan_losses(*given, lambda_identity=0.5))


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    given = tensors(draw)
    expected = oracle.cyclegan_losses(*given, 2.0, 1.5)
    found = dict(student.cyclegan_losses(*(x.float() for x in given), 2.0, 1.5))
    is_true(set(found) == set(NAMES), f"the parts {sorted(found)}")
    for name, value in found.items():
        has_dtype(value, torch.float32)
        close(value, expected[name].float())
    for name, value in dict(student.cyclegan_losses(*given, 2.0, 1.5)).items():
        has_dtype(value, torch.float64)
        close(value, expected[name], rtol=1e-10, atol=1e-12)


globals().update(
    usual_checks(
        oracle.cyclegan_losses, lambda draw: (*tensors(draw), 2.0, 1.5), without=("dtype",)
    )
)
