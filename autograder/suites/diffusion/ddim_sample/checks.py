"""Hidden checks: the chain of DDIM."""

import pytest
import torch

from autograder.checks import Watched, aspect, close, is_true, once_right, usual_checks
from autograder.suites.diffusion.ddim_sample import oracle
from autograder.suites.diffusion.noisy_data import ONES, Smooth, exact_noise, schedule

ASPECTS = {"values": 0.7, "edges": 0.2, "conventions": 0.1}

T = 30
ETAS = pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
STEPS = pytest.mark.parametrize(
    "steps", [(29, 28, 27, 26), (29, 20, 11, 3, 0), (25, 7, 2), (29, 0)], ids=str
)


def given(draw, steps, *shape, eta=0.0):
    noise = draw.normal(len(steps), *shape) if eta else None
    return Smooth(draw), draw.normal(*shape), torch.tensor(steps), schedule(draw, T), eta, noise


def agree(student, *args):
    close(student.ddim_sample(*args), oracle.ddim_sample(*args))


def right_in_general(student, draw):
    for eta in (0.0, 0.5):
        args = given(draw, (20, 10, 4), 4, 3, eta=eta)
        once_right(student.ddim_sample(*args), oracle.ddim_sample(*args))


@ETAS
@STEPS
def test_values(student, draw, eta, steps):
    """is right for steps next to each other and skipped ones, down to clean data"""
    agree(student, *given(draw, steps, 3, 2, eta=eta))


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4, 4)], ids=str)
def test_axes(student, draw, shape):
    """works for samples with any axes"""
    agree(student, *given(draw, (29, 12, 5), *shape, eta=0.8))


def test_calls(student, draw):
    """asks the network once at each step, in order, on the whole batch, with one t per sample"""
    for eta in (0.0, 1.0):
        network, x_T, steps, *rest = given(draw, (28, 17, 9, 1), 5, 2, eta=eta)
        watched = Watched(network)
        value = student.ddim_sample(watched, x_T, steps, *rest)
        close(value, oracle.ddim_sample(network, x_T, steps, *rest))
        is_true(len(watched.calls) == 4, f"{len(watched.calls)} calls")
        for call, step in zip(watched.calls, (28, 17, 9, 1), strict=True):
            x, t = call
            is_true(tuple(x.shape) == (5, 2), "not on the whole batch")
            is_true(t.dtype == torch.int64 and t.shape == (5,), "t is not (B,) int64")
            is_true(bool((t == step).all()), "asked at another step")
        close(watched.calls[0][0], x_T)


def test_point(student, draw):
    """ends on the data where they are a single point, from any noise, in any steps"""
    alpha_bar, x_T = schedule(draw, T), 3 * draw.normal(4, 2)

    def network(x, t):
        return exact_noise(x, alpha_bar[t], 0.6, 0.0)

    for eta in (0.0, 1.0):
        noise = draw.normal(3, 4, 2)
        found = student.ddim_sample(network, x_T, torch.tensor([29, 13, 4]), alpha_bar, eta, noise)
        close(found, torch.full((4, 2), 0.6))


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_moments(student, draw, eta):
    """brings standard normal noise to the mean and the variance of Gaussian data"""
    mean, variance, n_steps = 0.5, 0.4, 60
    alpha_bar = torch.linspace(0.995, 0.001, n_steps).double()

    def network(x, t):
        return exact_noise(x, alpha_bar[t], mean, variance)

    # the chain is linear: its answer to 0, to 1 and to each noise are its moments
    n = n_steps + 2
    x_T = torch.zeros(n, dtype=torch.float64)
    x_T[1] = 1
    noise = torch.zeros(n_steps, n, dtype=torch.float64)
    noise[:, 2:] = torch.eye(n_steps)
    given = network, x_T, torch.arange(n_steps - 1, -1, -1), alpha_bar, eta, noise
    found = student.ddim_sample(*given)
    close(found, oracle.ddim_sample(*given))
    close(found[0], torch.tensor(mean), rtol=0.08)
    close((found[1:] - found[0]).square().sum(), torch.tensor(variance), rtol=0.15)


@aspect("edges")
@pytest.mark.parametrize("step", [0, 12, 29])
def test_single_step(student, draw, step):
    """goes to clean data in a single step, without noise"""
    right_in_general(student, draw)
    for eta in (0.0, 1.0):
        agree(student, *given(draw, (step,), 4, 3, eta=eta))


@aspect("edges")
def test_noise_of_each_step(student, draw):
    """gives each step its own noise, and none to the last"""
    right_in_general(student, draw)
    network, x_T, steps, alpha_bar, _, noise = given(draw, (26, 15, 6), 4, 2, eta=1.0)
    for scale in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
        scaled = noise * torch.tensor(scale).double()[:, None, None]
        agree(student, network, x_T, steps, alpha_bar, 1.0, scaled)


@aspect("edges")
def test_no_noise(student, draw):
    """needs no noise for eta = 0, which is the default, and takes none that it is given"""
    right_in_general(student, draw)
    network, x_T, steps, alpha_bar, *_ = given(draw, (26, 15, 6), 4, 2)
    expected = oracle.ddim_sample(network, x_T, steps, alpha_bar)
    close(student.ddim_sample(network, x_T, steps, alpha_bar), expected)
    noise = 100 * draw.normal(3, 4, 2)
    close(student.ddim_sample(network, x_T, steps, alpha_bar, 0.0, noise), expected)


@aspect("edges")
def test_large(student, draw):
    """clips nothing on the way and at the end"""
    right_in_general(student, draw)
    network, x_T, *rest = given(draw, (26, 15, 6), 4, 2, eta=0.5)
    agree(student, network, 20 * x_T, *rest)


@aspect("edges")
@ONES
def test_one(student, draw, shape):
    """works for a batch of one and for one number for each sample"""
    right_in_general(student, draw)
    for eta in (0.0, 1.0):
        agree(student, *given(draw, (29, 9, 2), *shape, eta=eta))


def calls(draw):
    """With new noise and without."""
    yield given(draw, (29, 12, 5), 3, 4, eta=0.7)
    yield given(draw, (29, 12, 5), 3, 4)[:4]


globals().update(usual_checks(oracle.ddim_sample, calls))
