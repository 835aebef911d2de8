"""Hidden checks: what a network is trained to return."""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    once_right,
    refuses,
    same_gradients,
    usual_checks,
)
from autograder.suites.diffusion.noisy_data import ONES, SHAPES, levels
from autograder.suites.diffusion.prediction_target import oracle

ASPECTS = {"values": 0.65, "gradients": 0.15, "edges": 0.12, "conventions": 0.08}

KINDS = ("eps", "x_0", "v", "score")
EACH = pytest.mark.parametrize("kind", KINDS)


def given(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), levels(draw, shape[0])


def agree(student, args, kind):
    close(student.prediction_target(*args, kind), oracle.prediction_target(*args, kind))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    for kind in KINDS:
        expected = oracle.prediction_target(*args, kind)
        once_right(student.prediction_target(*args, kind), expected)


@EACH
@SHAPES
def test_values(student, draw, kind, shape):
    """is right for every kind, with another level of noise for each sample and any axes"""
    agree(student, given(draw, *shape), kind)


def test_velocity_is_a_rotation(student, draw):
    """has a v that keeps, together with x_t, the length of data and noise"""
    x_0, eps, share = given(draw, 6, 4)
    v = student.prediction_target(x_0, eps, share, "v")
    x_t = share.sqrt()[:, None] * x_0 + (1 - share).sqrt()[:, None] * eps
    close(v.square() + x_t.square(), x_0.square() + eps.square())
    agree(student, (x_0, eps, share), "v")


@aspect("gradients")
@EACH
def test_gradients(student, draw, kind):
    """sends the right gradients to data and noise"""
    x_0, eps, share = given(draw, 4, 3)
    same_gradients(
        lambda x_0, eps: student.prediction_target(x_0, eps, share, kind),
        lambda x_0, eps: oracle.prediction_target(x_0, eps, share, kind),
        x_0,
        eps,
    )


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    for kind in KINDS:
        agree(student, given(draw, *shape), kind)


@aspect("edges")
def test_ends(student, draw):
    """is right with hardly any noise and with hardly anything else"""
    right_in_general(student, draw)
    x_0, eps, _ = given(draw, 4, 3)
    share = torch.tensor([1 - 1e-5, 1e-5, 0.999, 0.001], dtype=torch.float64)
    for kind in KINDS:
        agree(student, (x_0, eps, share), kind)


@aspect("edges")
def test_large(student, draw):
    """clips nothing"""
    right_in_general(student, draw)
    x_0, eps, share = given(draw, 4, 3)
    for kind in KINDS:
        agree(student, (30 * x_0, 20 * eps, share), kind)


@aspect("edges")
def test_refusal(student, draw):
    """refuses another kind with a ValueError"""
    right_in_general(student, draw)
    for kind in ("epsilon", "X_0", ""):
        refuses(student.prediction_target, *given(draw, 4, 3), kind)


def calls(draw):
    """Of every kind."""
    for kind in KINDS:
        yield *given(draw, 3, 2, 4), kind


globals().update(usual_checks(oracle.prediction_target, calls))
