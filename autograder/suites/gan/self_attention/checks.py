"""Hidden checks: the self-attention block of SAGAN."""

import torch

from autograder.checks import aspect, close, once_right, same, same_gradients, usual_checks
from autograder.suites.gan.self_attention import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, B=2, C=4, K=2, K_value=3, H=3, W=4, gamma=1.7):
    """x, query, key, value, output, gamma: all sizes different, so that attention is neither flat
    nor peaked.
    """
    matrices = (
        draw.normal(K, C),
        draw.normal(K, C),
        draw.normal(K_value, C),
        draw.normal(C, K_value),
    )
    return draw.normal(B, C, H, W), *matrices, torch.tensor(gamma, dtype=torch.float64)


def test_values(student, draw):
    """is right for matrices of all shapes, and when channels, queries, values and positions are
    equally many
    """
    equal = {"B": 4, "C": 4, "K": 4, "K_value": 4, "H": 2, "W": 2}
    for sizes in ({}, {}, equal, {"C": 3, "K": 16}):
        inputs = given(draw, **sizes)
        close(student.self_attention(*inputs), oracle.self_attention(*inputs))


def test_average(student, draw):
    """shows every position the plain average of all values, its own too, when the queries are
    zero, so that all scores are equal
    """
    x, query, key, value, output, gamma = given(draw)
    average = torch.einsum("ck,kd,bdhw->bc", output, value, x) / x[0, 0].numel()
    close(
        student.self_attention(x, 0 * query, key, value, output, gamma),
        x + gamma * average[:, :, None, None],
    )


def test_one_source(student, draw):
    """gives all weight to the one position whose key all queries look for"""
    x, query, key, value, output, gamma = given(draw, C=3, K=1)
    # channel 0: what queries read (always positive) and what keys read (largest at one place)
    x[:, 0], x[:, 0, 1, 2] = 1.0, 2.0
    query, key = torch.tensor([[30.0, 0.0, 0.0]]).double(), torch.tensor([[1.0, 0.0, 0.0]]).double()
    seen = torch.einsum("ck,kd,bd->bc", output, value, x[:, :, 1, 2])
    close(
        student.self_attention(x, query, key, value, output, gamma),
        x + gamma * seen[:, :, None, None],
    )


def test_gamma(student, draw):
    """weighs what was seen by gamma, small or large, of either sign, and adds the input as it is"""
    x, *matrices, one = given(draw, gamma=1.0)
    result = student.self_attention(x, *matrices, one)
    for gamma in (-1.5, 0.1, 4.0):
        other = student.self_attention(x, *matrices, gamma * one)
        close(other - x, gamma * (result - x))
    once_right(result, oracle.self_attention(x, *matrices, one))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the image, the four matrices and gamma"""
    same_gradients(student.self_attention, oracle.self_attention, *given(draw))


@aspect("gradients")
def test_zero(student, draw):
    """changes nothing while gamma is 0, and still sends gamma its gradient, so that it can be
    learned
    """
    inputs = given(draw)
    once_right(student.self_attention(*inputs), oracle.self_attention(*inputs))
    x, *rest = given(draw, gamma=0.0)
    same(student.self_attention(x, *rest), x)
    same_gradients(student.self_attention, oracle.self_attention, x, *rest)


@aspect("edges", spoils=True)
def test_large_scores(student, draw):
    """stays finite and right for scores in the thousands, and if another image's are small"""
    inputs = given(draw)
    once_right(student.self_attention(*inputs), oracle.self_attention(*inputs))
    x, query, key, value, output, gamma = inputs
    x[0], x[1] = 10 * x[0], 0.2 * x[1]
    inputs = x, 5 * query, 5 * key, value, output, gamma
    close(student.self_attention(*inputs), oracle.self_attention(*inputs), rtol=1e-3, atol=1e-3)


@aspect("edges")
def test_single(student, draw):
    """takes a batch of one, an image of one pixel or one row, one channel, one query, one value"""
    inputs = given(draw)
    once_right(student.self_attention(*inputs), oracle.self_attention(*inputs))
    one = {"B": 1, "C": 1, "K": 1, "K_value": 1, "H": 1, "W": 1}
    for sizes in (*({name: 1} for name in one), {"H": 1, "W": 1}, one):
        inputs = given(draw, **sizes)
        close(student.self_attention(*inputs), oracle.self_attention(*inputs))


globals().update(usual_checks(oracle.self_attention, given))
