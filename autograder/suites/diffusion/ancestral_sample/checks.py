"""Hidden checks: the whole backward chain.

The data are Gaussian in some checks: then the best network is known, x_0 is an affine function of
x_T and the noise, and so its mean and variance are known for the chain that is asked for.
"""

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    has_dtype,
    is_true,
    once_right,
    same,
    usual_checks,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.ancestral_sample import oracle

ASPECTS = {"values": 0.5, "training": 0.2, "edges": 0.2, "conventions": 0.1}

BOTH = pytest.mark.parametrize("variance", ["beta", "beta_tilde"])


def inputs(draw, shape, n_steps=5):
    """x_T, noise, betas."""
    return draw.normal(*shape), draw.normal(n_steps, *shape), process.betas(draw, n_steps)


def agree(student, theirs, ours, *given):
    close(
        student.ancestral_sample(theirs, *given), oracle.ancestral_sample(ours, *given), rtol=1e-6
    )


def judged(student, draw):
    network, given = process.fields(draw, 3), inputs(draw, (4, 3))
    once_right(student.ancestral_sample(network, *given), oracle.ancestral_sample(network, *given))
    return network, given


def gaussian(mean, width, betas):
    """The best prediction of the noise if the data are N(mean, width^2)."""
    alpha_bar = torch.cumprod(1 - betas, 0)

    def network(x, t):
        at = alpha_bar[t].to(x.dtype).reshape(-1, *[1] * (x.dim() - 1))
        return (1 - at).sqrt() * (x - at.sqrt() * mean) / (at * width**2 + 1 - at)

    return network


@BOTH
@pytest.mark.parametrize("shape", [(4, 3), (2, 1, 3, 3), (5, 2, 2)])
def test_values(student, draw, shape, variance):
    """walks all steps from the last to the first, each with its own noise"""
    network = process.fields(draw, shape[-1])
    agree(student, network, network, *inputs(draw, shape), variance)


def test_default(student, draw):
    """takes beta for the variance if it is not told another"""
    network = process.fields(draw, 3)
    agree(student, network, network, *inputs(draw, (3, 3)))


@BOTH
def test_moments(student, draw, variance):
    """gives Gaussian data the mean and the variance that the chain has in closed form"""
    n_steps, mean, width = 6, float(draw.normal()), float(draw.uniform(low=0.3, high=1.5))
    betas = process.betas(draw, n_steps, 0.4)
    network = gaussian(mean, width, betas)
    # of a chain: all zero, x_T of 1, and noise of 1 at one step each
    x_T = torch.zeros(n_steps + 2, 1, dtype=torch.float64)
    noise = torch.zeros(n_steps, n_steps + 2, 1, dtype=torch.float64)
    x_T[1] = 1
    noise[range(n_steps), range(2, n_steps + 2)] = 1
    found = student.ancestral_sample(network, x_T, noise, betas, variance)[:, 0]
    expected_mean, expected_variance = moments(mean, width, betas, variance)
    close(found[0], expected_mean, rtol=1e-6)
    close((found[1:] - found[0]).square().sum(), expected_variance, rtol=1e-6)


def moments(mean, width, betas, variance):
    """Mean and variance of the chain's x_0 for x_T ~ N(0, 1), step by step."""
    m, v = torch.zeros(()).double(), torch.ones(()).double()
    kept = torch.cumprod(1 - betas, 0)
    for t in reversed(range(len(betas))):
        total = kept[t] * width**2 + 1 - kept[t]  # of x_t, if it came from the data
        gain = (1 - betas[t]).rsqrt() * (1 - betas[t] / total)
        shift = (1 - betas[t]).rsqrt() * betas[t] / total * kept[t].sqrt() * mean
        m, v = gain * m + shift, gain**2 * v
        if t > 0:
            tilde = (1 - kept[t - 1]) / (1 - kept[t]) * betas[t]
            v = v + (betas[t] if variance == "beta" else tilde)
    return m, v


def test_point(student, draw):
    """ends at the data if these are one point, whatever the noise"""
    x_T, noise, betas = inputs(draw, (3, 4))
    point = draw.normal(3, 4)
    found = student.ancestral_sample(gaussian(point, 0.0, betas), x_T, 10 * noise, betas)
    close(found, point, rtol=1e-5, atol=1e-5)


def test_calls(student, draw):
    """calls the network once for each step, from the last to the first, with int64 steps"""
    x_T, noise, betas = inputs(draw, (3, 2), 6)
    seen, times = [], []

    def network(x, t):
        seen.append(x)
        times.append(t)
        return 0.3 * x

    agree(student, network, lambda x, t: 0.3 * x, x_T, noise, betas)
    same(torch.stack(times), torch.arange(5, -1, -1)[:, None].expand(6, 3))
    for t in times:
        has_dtype(t, torch.int64)
    close(seen[0], x_T)


@BOTH
def test_float32_images(student, draw, variance):
    """gives the network float32 images for a float64 schedule"""
    x_T, noise, betas = inputs(draw, (3, 2))
    dtypes = []

    def network(x, t):
        dtypes.append(x.dtype)
        return 0.3 * x

    given = x_T.float(), noise.float(), betas, variance
    found = student.ancestral_sample(network, *given)
    close(found, oracle.ancestral_sample(lambda x, t: 0.3 * x, *given), rtol=1e-4, atol=1e-5)
    has_dtype(found, torch.float32)
    is_true(set(dtypes) == {torch.float32}, f"{dtypes}")


@aspect("training")
@pytest.mark.parametrize("training", [True, False])
def test_mode(student, draw, training):
    """leaves the network in the mode that it is in, and its parameters as they were"""
    theirs, module, ours, twin = process.timed_networks(
        student, draw, 3, ("BatchNorm1d", 3), statistics=True
    )
    module.train(training)
    twin.train(training)
    agree(student, theirs, ours, *inputs(draw, (6, 3)))
    is_true(student.new("operator.attrgetter", "training")(module) is training, "another mode")
    flag = student.new("operator.attrgetter", "weight.requires_grad")(module[0])
    is_true(flag is True, "frozen")


@aspect("training")
def test_no_graph(student, draw):
    """records no gradients, whatever the network and its arguments need"""
    theirs, _, ours, _ = process.timed_networks(student, draw, 3)
    x_T, noise, betas = inputs(draw, (4, 3))
    needy = x_T.clone().requires_grad_(), noise.clone().requires_grad_(), betas
    for given in ((x_T, noise, betas), needy):
        found = student.ancestral_sample(theirs, *given)
        close(found, oracle.ancestral_sample(ours, *given), rtol=1e-6)
        is_true(not found.requires_grad, "a graph")


@aspect("training")
def test_network_without_gradients(student, draw):
    """runs the network itself without recording gradients"""
    judged(student, draw)
    # over there: a network that answers 1 if gradients are on, else 0
    network = student.new(
        "builtins.eval",
        "lambda torch: lambda x, t: torch.full_like(x, float(torch.is_grad_enabled()))",
    )(student.new("importlib.import_module", "torch"))
    given = inputs(draw, (3, 2))
    agree(student, network, lambda x, t: torch.zeros_like(x), *given)


@aspect("training")
def test_gradients_stay_on(student, draw):
    """leaves the recording of gradients switched on for what comes after it"""
    judged(student, draw)
    is_true(student.new("torch.is_grad_enabled") is True, "switched off")


@aspect("edges")
@BOTH
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 3), (2, 1)])
def test_one(student, draw, shape, variance):
    """works for a batch of one, one channel and one pixel"""
    judged(student, draw)
    network = process.fields(draw, shape[-1])
    agree(student, network, network, *inputs(draw, shape), variance)


@aspect("edges")
@BOTH
@pytest.mark.parametrize("n_steps", [1, 2])
def test_short_chains(student, draw, n_steps, variance):
    """works for schedules of one step, which adds no noise, and of two"""
    network, _ = judged(student, draw)
    x_T, noise, betas = inputs(draw, (3, 3), n_steps)
    agree(student, network, network, x_T, 50 * noise, betas, variance)


@aspect("edges")
def test_numbers(student, draw):
    """works for data without axes after the batch"""
    judged(student, draw)
    agree(student, *2 * (lambda x, t: x.sin(),), *inputs(draw, (5,)))


@aspect("edges", spoils=True)
def test_large(student, draw):
    """clamps nothing"""
    network, (x_T, noise, betas) = judged(student, draw)
    agree(student, network, network, 40 * x_T, 30 * noise, betas)


@aspect("conventions")
def test_by_position(student, draw):
    """calls the network as network(x_t, t), by position: its arguments may have any names"""
    judged(student, draw)
    agree(student, *2 * (lambda image, step: image.sin(),), *inputs(draw, (3, 2)))


def usual_inputs(draw):
    weight = float(draw.uniform(low=0.3, high=0.8))

    def network(x, t):
        return x.sin() * weight * (1 + t.to(x.dtype) / 4)[:, None, None]

    return network, *inputs(draw, (3, 2, 2), 3), "beta_tilde"


globals().update(usual_checks(oracle.ancestral_sample, usual_inputs, without=("history",)))
