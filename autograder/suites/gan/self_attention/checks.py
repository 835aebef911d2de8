"""Hidden checks: the self-attention block of SAGAN."""

import torch

from autograder.checks import close, is_true, same, same_gradients, usual_checks, weight
from autograder.suites.gan.self_attention import oracle


def given(draw, B=2, C=4, K=2, K_value=3, H=3, W=4, gamma=None):
    """x, query, key, value, output, gamma: all sizes different, so that attention is neither flat
    nor peaked.
    """
    matrices = (
        draw.normal(K, C),
        draw.normal(K, C),
        draw.normal(K_value, C),
        draw.normal(C, K_value),
    )
    return (
        draw.normal(B, C, H, W),
        *matrices,
        draw.uniform(1, low=0.5, high=2.0)[0] if gamma is None else gamma,
    )


@weight(3)
def test_values(student, draw):
    """is right for matrices of all shapes and an image that is not square"""
    inputs = given(draw)
    close(student.self_attention(*inputs), oracle.self_attention(*inputs))


@weight(2)
def test_square(student, draw):
    """is right when everything has one size: channels, queries, values and positions"""
    inputs = given(draw, B=4, C=4, K=4, K_value=4, H=2, W=2)
    close(student.self_attention(*inputs), oracle.self_attention(*inputs))


def test_zero(student, draw):
    """changes nothing at all while gamma is 0"""
    inputs = given(draw, gamma=torch.zeros((), dtype=torch.float64))
    same(student.self_attention(*inputs), inputs[0])


@weight(2)
def test_who_looks(student, draw):
    """lets the queries look and the keys be looked at"""
    x, query, key, value, output, gamma = given(draw, K=3)
    key = 3 * key
    close(
        student.self_attention(x, query, key, value, output, gamma),
        oracle.self_attention(x, query, key, value, output, gamma),
    )
    nobody = 0 * query  # no position asks for anything: each sees the average
    average = torch.einsum("ck,kd,bdhw->bc", output, value, x) / x[0, 0].numel()
    close(
        student.self_attention(x, nobody, key, value, output, gamma),
        x + gamma * average[:, :, None, None],
    )


@weight(2)
def test_one_source(student, draw):
    """gives all weight to the one position whose key all queries look for"""
    x, query, key, value, output, gamma = given(draw, C=3, K=1)
    x[:, 0], x[:, 0, 1, 2] = (
        1.0,
        2.0,
    )  # channel 0: what queries read (always positive) and what keys read (largest at one place)
    query, key = torch.tensor([[30.0, 0.0, 0.0]]).double(), torch.tensor([[1.0, 0.0, 0.0]]).double()
    seen = torch.einsum("ck,kd,bd->bc", output, value, x[:, :, 1, 2])
    close(
        student.self_attention(x, query, key, value, output, gamma),
        x + gamma * seen[:, :, None, None],
    )


def test_positions(student, draw):
    """treats all positions alike: when they change places, so do the results"""
    x, *rest = given(draw)
    order = draw.permutation(12)
    moved = x.flatten(2)[:, :, order].reshape(x.shape)
    expected = oracle.self_attention(x, *rest).flatten(2)[:, :, order].reshape(x.shape)
    close(student.self_attention(moved, *rest), expected)


def test_alone(student, draw):
    """keeps the images of a batch apart"""
    x, *rest = given(draw, B=3)
    close(student.self_attention(x[1:2], *rest), oracle.self_attention(x, *rest)[1:2])
    close(student.self_attention(x, *rest), oracle.self_attention(x, *rest))


def test_many_keys(student, draw):
    """does not scale the scores with the number of query channels"""
    inputs = given(draw, C=3, K=16)
    close(student.self_attention(*inputs), oracle.self_attention(*inputs))


def test_large_scores(student, draw):
    """stays finite and right for scores in the thousands"""
    x, query, key, value, output, gamma = given(draw)
    inputs = 10 * x, 5 * query, 5 * key, value, output, gamma
    result = student.self_attention(*inputs)
    is_true(torch.isfinite(torch.as_tensor(result)).all())
    close(result, oracle.self_attention(*inputs), rtol=1e-3, atol=1e-3)


def test_one_pixel(student, draw):
    """works for an image of one pixel, and for one row"""
    for H, W in ((1, 1), (1, 5)):
        inputs = given(draw, H=H, W=W)
        close(student.self_attention(*inputs), oracle.self_attention(*inputs))


def test_gamma(student, draw):
    """weighs what was seen by gamma, of either sign, and adds the input as it is"""
    x, *matrices, _ = given(draw)
    for gamma in (-1.5, 0.1, 4.0):
        inputs = x, *matrices, torch.tensor(gamma, dtype=torch.float64)
        close(student.self_attention(*inputs), oracle.self_attention(*inputs))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the image, the four matrices and gamma"""
    same_gradients(student.self_attention, oracle.self_attention, *given(draw))


globals().update(usual_checks(oracle.self_attention, given, rtol=1e-8, atol=1e-10))
