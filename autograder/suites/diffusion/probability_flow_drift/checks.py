"""Hidden checks: the probability-flow ODE."""

import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.noisy_data import ONES, SHAPES
from autograder.suites.diffusion.probability_flow_drift import oracle

ASPECTS = {"values": 0.65, "gradients": 0.15, "edges": 0.12, "conventions": 0.08}


def given(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), draw.uniform(shape[0], low=0.1, high=20)


def agree(student, *args):
    close(student.probability_flow_drift(*args), oracle.probability_flow_drift(*args))


def right_in_general(student, draw):
    args = given(draw, 4, 3)
    once_right(student.probability_flow_drift(*args), oracle.probability_flow_drift(*args))


@SHAPES
def test_values(student, draw, shape):
    """is right for any axes, each sample at its own rate"""
    agree(student, *given(draw, *shape))


def test_marginals(student, draw):
    """moves mean and standard deviation of Gaussian data as the forward process does"""
    mean, std = draw.normal(6), draw.uniform(6, low=0.2, high=2)
    beta, share = draw.uniform(6, low=0.1, high=20), draw.uniform(6, low=0.05, high=0.95)
    # d alpha_bar / dt = -beta alpha_bar
    middle, width = share.sqrt() * mean, (share * std**2 + 1 - share).sqrt()
    middle_moves = -beta / 2 * middle
    width_moves = (-beta * share * std**2 + beta * share) / (2 * width)
    x = middle[:, None] + width[:, None] * draw.normal(6, 4)
    score = -(x - middle[:, None]) / width[:, None] ** 2
    expected = middle_moves[:, None] + (x - middle[:, None]) * (width_moves / width)[:, None]
    close(student.probability_flow_drift(x, score, beta), expected)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the points and to the score"""
    x, score, beta = given(draw, 4, 3)
    same_gradients(
        lambda x, score: student.probability_flow_drift(x, score, beta),
        lambda x, score: oracle.probability_flow_drift(x, score, beta),
        x,
        score,
    )


@aspect("edges")
def test_ends(student, draw):
    """is right for no rate at all, for high ones, and for large points and scores"""
    right_in_general(student, draw)
    x, score, _ = given(draw, 4, 3)
    agree(student, 50 * x, 1000 * score, torch.tensor([0.0, 1e-3, 20.0, 500.0]).double())


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape))


globals().update(usual_checks(oracle.probability_flow_drift, lambda draw: given(draw, 3, 2, 4)))
