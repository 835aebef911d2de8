"""The oracles of the lab `ddpm`, each against a third way: numpy, torch's own layers, simulation by
single steps, and scipy.
"""

from __future__ import annotations

import inspect
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.special
import torch
import torch.nn.functional as F
from dgm.unet import ResidualBlock
from torch import Tensor, nn

from autograder.checks.suite import oracles

reference = SimpleNamespace(**oracles("diffusion"))

CONTRACT = {
    "linear_schedule": "n_steps first last",
    "cosine_schedule": "n_steps s max_beta",
    "alpha_bars": "betas",
    "snr": "alpha_bar",
    "q_sample": "x_0 t eps alpha_bar",
    "q_between": "x_s s t eps alpha_bar",
    "posterior": "x_0 x_t t betas",
    "time_embedding": "t n max_period",
    "residual_block": "n_in n_out n_emb",
    "time_unet": "n_channels widths n_emb block",
    "draw_times": "u n_steps",
    "simple_loss": "network x_0 t eps alpha_bar",
    "x_0_loss": "x_0_hat x_0 t alpha_bar max_weight",
    "ancestral_step": "x_t eps_hat t noise betas variance",
    "ancestral_sample": "network x_T noise betas variance",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(23)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def some_betas(n: int) -> Tensor:
    return 0.05 + 0.5 * torch.rand(n, dtype=torch.float64)


def agree(actual: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-10) -> None:
    mine = np.asarray(actual.detach() if isinstance(actual, Tensor) else actual)
    theirs = np.asarray(expected.detach() if isinstance(expected, Tensor) else expected)
    assert mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=atol)


def column(values: Tensor, x: Tensor) -> Tensor:
    return values.reshape(-1, *[1] * (x.dim() - 1))


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


def test_classes_are_known_by_their_own_names_as_well() -> None:
    assert reference.ResidualBlock is reference.residual_block
    assert reference.TimeUNet is reference.time_unet


def test_linear_schedule() -> None:
    agree(reference.linear_schedule(1000), np.linspace(1e-4, 0.02, 1000))
    agree(reference.linear_schedule(1, 0.3, 0.5), [0.3])
    assert reference.linear_schedule(3).dtype == torch.float64


@pytest.mark.parametrize("s", [0.0, 0.008, 0.3])
def test_cosine_schedule_leaves_what_the_cosine_says(s: float) -> None:
    betas = reference.cosine_schedule(40, s).numpy()
    u = np.arange(41) / 40
    f = np.cos((u + s) / (1 + s) * np.pi / 2) ** 2
    agree(np.cumprod(1 - betas)[:-1], f[1:-1] / f[0], rtol=1e-8)
    assert betas[-1] == 0.999
    assert reference.cosine_schedule(40, s, 0.2).max() == 0.2


def test_alpha_bars() -> None:
    betas = some_betas(9)
    agree(reference.alpha_bars(betas), np.cumprod(1 - betas.numpy()))
    single = (0.01 * torch.rand(1000)).float()
    found = reference.alpha_bars(single)
    assert found.dtype == torch.float32
    agree(found, np.cumprod(1 - single.numpy().astype(float)), rtol=3e-7)


def test_snr() -> None:
    alpha_bar = torch.tensor([0.0, 1e-12, 0.2, 0.9, 1.0], dtype=torch.float64)
    agree(reference.snr(alpha_bar), np.exp(scipy.special.logit(alpha_bar.numpy())))


@pytest.mark.parametrize("shape", [(4, 3, 2, 2), (4,)])
def test_q_sample_and_q_between(shape: tuple[int, ...]) -> None:
    alpha_bar = torch.cumprod(1 - some_betas(6), 0)
    x_0, eps, t = normal(*shape), normal(*shape), torch.tensor([0, 5, 2, 3])
    at_t = column(alpha_bar[t], x_0)
    agree(reference.q_sample(x_0, t, eps, alpha_bar), at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps)
    start = torch.full((4,), -1)
    agree(
        reference.q_between(x_0, start, t, eps, alpha_bar),
        reference.q_sample(x_0, t, eps, alpha_bar),
    )
    s = torch.tensor([-1, 3, 1, 0])
    before = torch.cat([torch.ones(1), alpha_bar])[s + 1]
    ratio = column(alpha_bar[t] / before, x_0)
    agree(
        reference.q_between(x_0, s, t, eps, alpha_bar),
        ratio.sqrt() * x_0 + (1 - ratio).sqrt() * eps,
    )


def test_posterior_is_bayes_rule_on_a_grid() -> None:
    betas = some_betas(5)
    kept = np.cumprod(1 - betas.numpy())
    x_0, x_t = normal(4), normal(4)
    t = torch.tensor([1, 2, 3, 4])
    mean, variance = reference.posterior(x_0, x_t, t, betas)
    grid = np.linspace(-12, 12, 40_001)
    for i, step in enumerate(t.tolist()):
        before, beta = kept[step - 1], float(betas[step])
        log_p = -0.5 * (grid - before**0.5 * float(x_0[i])) ** 2 / (1 - before)
        log_p += -0.5 * (float(x_t[i]) - (1 - beta) ** 0.5 * grid) ** 2 / beta
        p = scipy.special.softmax(log_p)
        agree(mean[i], (p * grid).sum(), rtol=1e-6)
        agree(variance[i], (p * grid**2).sum() - (p * grid).sum() ** 2, rtol=1e-5)
    mean, variance = reference.posterior(x_0, x_t, torch.zeros(4, dtype=torch.int64), betas)
    agree(mean, x_0)
    agree(variance, np.zeros(4))


@pytest.mark.parametrize("n", [2, 3, 8, 9])
def test_time_embedding(n: int) -> None:
    t = 30 * torch.rand(5, dtype=torch.float64)
    half = n // 2
    rates = np.geomspace(1, 1e-4, half)
    angles = t.numpy()[:, None] * rates
    parts = [np.sin(angles), np.cos(angles), np.zeros((5, n % 2))]
    agree(reference.time_embedding(t, n), np.concatenate(parts, 1), atol=1e-9)
    assert reference.time_embedding(torch.arange(3), n).dtype == torch.float32


@pytest.mark.parametrize("n_out", [8, 12])
def test_residual_block_against_the_layers_of_torch(n_out: int) -> None:
    block = reference.ResidualBlock(8, n_out, 5).double()
    for parameter in block.parameters():
        nn.init.normal_(parameter)
    x, emb = normal(3, 8, 4, 5), normal(3, 5)
    h = block.conv_1(F.silu(block.norm_1(x))) + block.emb(F.silu(emb))[:, :, None, None]
    agree(block(x, emb), block.shortcut(x) + block.conv_2(F.silu(block.norm_2(h))))


def test_time_unet_step_by_step() -> None:
    net = reference.TimeUNet(2, (8, 4, 12), 6, ResidualBlock).double()
    for parameter in net.parameters():
        nn.init.normal_(parameter, std=0.5)
    x, t = normal(3, 2, 8, 12), torch.tensor([0, 3, 7])
    emb = net.embed(reference.time_embedding(t.double(), 6))
    first = net.down[0](net.first(x), emb)
    second = net.down[1](F.avg_pool2d(first, 2), emb)
    h = net.down[2](F.avg_pool2d(second, 2), emb)
    h = net.up[0](torch.cat([F.interpolate(h, scale_factor=2.0), second], 1), emb)
    h = net.up[1](torch.cat([F.interpolate(h, scale_factor=2.0), first], 1), emb)
    agree(net(x, t), net.last(h))
    with pytest.raises(ValueError):
        net(normal(1, 2, 6, 8), t[:1])


def test_draw_times() -> None:
    u = torch.rand(1000, dtype=torch.float64)
    agree(reference.draw_times(u, 7), np.floor(7 * u.numpy()).astype(int))
    agree(reference.draw_times(torch.tensor([0.0, 1.0]), 7), [0, 6])


def test_simple_loss_and_x_0_loss_are_the_same() -> None:
    alpha_bar = torch.cumprod(1 - some_betas(6), 0)
    x_0, eps, guess = normal(4, 2, 3), normal(4, 2, 3), normal(4, 2, 3)
    t = torch.tensor([0, 5, 2, 2])
    simple = reference.simple_loss(lambda x, t: guess, x_0, t, eps, alpha_bar)
    agree(simple, F.mse_loss(guess, eps))
    at_t = column(alpha_bar[t], x_0)
    x_t = at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps
    x_0_hat = (x_t - (1 - at_t).sqrt() * guess) / at_t.sqrt()
    agree(reference.x_0_loss(x_0_hat, x_0, t, alpha_bar), simple)
    weight = np.minimum((alpha_bar / (1 - alpha_bar))[t].numpy(), 0.8)
    errors = (x_0_hat - x_0).square().mean((1, 2)).numpy()
    agree(reference.x_0_loss(x_0_hat, x_0, t, alpha_bar, 0.8), (weight * errors).mean())


@pytest.mark.parametrize("variance", ["beta", "beta_tilde"])
def test_ancestral_step_is_algorithm_2(variance: str) -> None:
    betas = some_betas(5)
    kept = torch.cumprod(1 - betas, 0)
    x, eps, z, t = normal(4, 3), normal(4, 3), normal(4, 3), torch.tensor([0, 4, 2, 1])
    before = torch.cat([torch.ones(1), kept])[t]
    spread = betas[t] if variance == "beta" else betas[t] * (1 - before) / (1 - kept[t])
    sigma = spread.sqrt() * (t > 0)
    mean = x - column(betas[t] / (1 - kept[t]).sqrt(), x) * eps
    expected = mean / column((1 - betas[t]).sqrt(), x) + column(sigma, x) * z
    agree(reference.ancestral_step(x, eps, t, z, betas, variance), expected)
    with pytest.raises(ValueError):
        reference.ancestral_step(x, eps, t, z, betas, "other")


def test_ancestral_sample_of_standard_normal_data_keeps_their_variance() -> None:
    """With the variance beta and the best network, each step maps N(0, 1) to N(0, 1)."""
    betas = some_betas(6)
    kept = torch.cumprod(1 - betas, 0)
    x_T, noise = normal(200_000), normal(6, 200_000)

    def network(x: Tensor, t: Tensor) -> Tensor:
        return (1 - kept[t]).sqrt() * x

    x_0 = reference.ancestral_sample(lambda x, t: network(x, t), x_T[:50], noise[:, :50], betas)
    x = x_T
    for step in reversed(range(6)):
        scale = betas[step] / (1 - kept[step]).sqrt()
        x = (x - scale * network(x, torch.tensor(step))) / (1 - betas[step]).sqrt()
        x = x + (betas[step].sqrt() * noise[step] if step else 0)
    agree(x_0, x[:50])
    left = (1 - betas[0]).sqrt()  # without noise in the last step
    assert math.isclose(float(x.var()), float(left**2), rel_tol=0.02)
