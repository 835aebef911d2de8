"""Hidden checks: clipping with the noise made anew."""

import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.diffusion.clipped_eps import oracle
from autograder.suites.diffusion.noisy_data import ONES, SHAPES, levels

ASPECTS = {"values": 0.65, "gradients": 0.15, "edges": 0.12, "conventions": 0.08}


def given(draw, *shape):
    """x_t and noise whose x_0 is in the range for some numbers and outside, on either side, for
    others; never at its ends, where the gradient jumps.
    """
    share = levels(draw, shape[0], 0.1, 0.9)
    inside, outside = draw.uniform(*shape, low=-0.9, high=0.9), 1.1 + 2 * draw.uniform(*shape)
    side = draw.normal(*shape)
    x_0 = torch.where(side.abs() < 0.7, inside, outside * side.sign())
    eps = draw.normal(*shape)
    axes = [1] * (len(shape) - 1)
    signal, noise = (c.sqrt().reshape(-1, *axes) for c in (share, 1 - share))
    return signal * x_0 + noise * eps, eps, share


def agree(student, *args):
    close(student.clipped_eps(*args), oracle.clipped_eps(*args))


def right_in_general(student, draw):
    args = given(draw, 6, 5)
    once_right(student.clipped_eps(*args), oracle.clipped_eps(*args))


@SHAPES
def test_values(student, draw, shape):
    """is right where x_0 is clipped and where it is not, each sample at its own level"""
    agree(student, *given(draw, *shape))


def test_adds_up(student, draw):
    """adds up to x_t, together with the clipped data"""
    x_t, eps, share = given(draw, 6, 5)
    signal, noise = share.sqrt()[:, None], (1 - share).sqrt()[:, None]
    found = student.clipped_eps(x_t, eps, share)
    close(signal * ((x_t - noise * eps) / signal).clamp(-1, 1) + noise * found, x_t)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to x_t and to the noise, none to noise whose x_0 is clipped"""
    x_t, eps, share = given(draw, 5, 4)
    same_gradients(
        lambda x_t, eps_hat: student.clipped_eps(x_t, eps_hat, share),
        lambda x_t, eps_hat: oracle.clipped_eps(x_t, eps_hat, share),
        x_t,
        eps,
    )


@aspect("edges")
def test_inside(student, draw):
    """leaves the noise as it is if all of x_0 is in the range, large noise too"""
    right_in_general(student, draw)
    share, eps = levels(draw, 4, 0.1, 0.9), 8 * draw.normal(4, 3)
    x_0 = draw.uniform(4, 3, low=-0.99, high=0.99)
    x_t = share.sqrt()[:, None] * x_0 + (1 - share).sqrt()[:, None] * eps
    close(student.clipped_eps(x_t, eps, share), eps)


@aspect("edges")
def test_outside(student, draw):
    """is right if all of x_0 is far outside of the range, and at levels near both ends"""
    right_in_general(student, draw)
    x_t, eps, _ = given(draw, 4, 3)
    agree(student, 40 * x_t, eps, levels(draw, 4))
    agree(student, x_t, eps, torch.tensor([0.999, 1e-4, 0.99, 0.01]).double())


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    agree(student, *given(draw, *shape))


globals().update(usual_checks(oracle.clipped_eps, lambda draw: given(draw, 3, 2, 4)))
