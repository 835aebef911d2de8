"""Hidden checks: data and noise from any prediction."""

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
from autograder.suites.diffusion.data_and_noise import oracle
from autograder.suites.diffusion.noisy_data import ONES, SHAPES, levels

ASPECTS = {"values": 0.6, "gradients": 0.2, "edges": 0.12, "conventions": 0.08}

KINDS = ("eps", "x_0", "v", "score")
EACH = pytest.mark.parametrize("kind", KINDS)
RESULT = pytest.mark.parametrize("result", [0, 1], ids=["x_0", "eps"])


def given(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), levels(draw, shape[0])


def agree(student, args, kind):
    close(student.data_and_noise(*args, kind), oracle.data_and_noise(*args, kind))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    for kind in KINDS:
        once_right(student.data_and_noise(*args, kind), oracle.data_and_noise(*args, kind))


@EACH
@SHAPES
def test_values(student, draw, kind, shape):
    """is right for every kind, with another level of noise for each sample and any axes"""
    agree(student, given(draw, *shape), kind)


@EACH
def test_recovers(student, draw, kind):
    """finds the data and the noise that x_t was made of, if the prediction is perfect"""
    x_0, eps, share = given(draw, 5, 2, 3)
    signal, noise = share.sqrt()[:, None, None], (1 - share).sqrt()[:, None, None]
    perfect = {"eps": eps, "x_0": x_0, "v": signal * eps - noise * x_0, "score": -eps / noise}
    found = student.data_and_noise(perfect[kind], signal * x_0 + noise * eps, share, kind)
    close(found, (x_0, eps))


@aspect("gradients")
@EACH
@RESULT
def test_gradients(student, draw, kind, result):
    """sends the right gradients to the prediction and to x_t"""
    prediction, x_t, share = given(draw, 4, 3)
    if (kind, result) in (("eps", 1), ("score", 1), ("x_0", 0)):
        same_gradients(  # x_t has no part in it
            lambda prediction: student.data_and_noise(prediction, x_t, share, kind)[result],
            lambda prediction: oracle.data_and_noise(prediction, x_t, share, kind)[result],
            prediction,
        )
        return
    same_gradients(
        lambda prediction, x_t: student.data_and_noise(prediction, x_t, share, kind)[result],
        lambda prediction, x_t: oracle.data_and_noise(prediction, x_t, share, kind)[result],
        prediction,
        x_t,
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
    """is right with hardly any noise and with hardly anything else, and clips nothing"""
    right_in_general(student, draw)
    prediction, x_t, _ = given(draw, 4, 3)
    share = torch.tensor([1 - 1e-5, 1e-5, 0.999, 0.001], dtype=torch.float64)
    for kind in KINDS:
        agree(student, (20 * prediction, 30 * x_t, share), kind)


@aspect("edges")
def test_refusal(student, draw):
    """refuses another kind with a ValueError"""
    right_in_general(student, draw)
    for kind in ("noise", "V", ""):
        refuses(student.data_and_noise, *given(draw, 4, 3), kind)


def calls(draw):
    """Of every kind."""
    for kind in KINDS:
        yield *given(draw, 3, 2, 4), kind


globals().update(usual_checks(oracle.data_and_noise, calls))
