"""The oracles of the lab `flow_matching`, each against a third way: scipy, quadrature, Monte Carlo,
scores by autograd, finite differences.
"""

from __future__ import annotations

import copy
import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import scipy.integrate
import scipy.optimize
import torch
from torch import Tensor, nn

from autograder.checks.suite import oracle

CONTRACT = {
    "interpolant": "x_0 x_1 t sigma_min",
    "velocity_target": "x_0 x_1 sigma_min",
    "flow_matching_loss": "network x_0 x_1 t sigma_min",
    "gaussian_field": "x t mean std sigma_min",
    "mixture_field": "x t weights means stds sigma_min",
    "euler_sample": "network x_0 n_steps",
    "heun_sample": "network x_0 n_steps",
    "straightness": "network x_0 n_steps",
    "reflow_pairs": "sample noise batch_size",
    "minibatch_coupling": "x_0 x_1",
    "ema_update": "averaged network step gamma",
    "latent_scale": "latents",
    "encode_latents": "encoder x eps scale",
    "decode_latents": "decoder z scale",
}
reference = SimpleNamespace(**{name: oracle("diffusion", name) for name in CONTRACT})


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def uniform(*shape: int) -> Tensor:
    return torch.rand(*shape, dtype=torch.float64)


def agree(actual: Tensor, expected: Tensor, **tolerance: float) -> None:
    assert actual.shape == expected.shape
    tolerance = tolerance or {"rtol": 1e-8, "atol": 1e-9}
    torch.testing.assert_close(actual.detach(), expected.detach(), **tolerance)


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


# Paths


def test_path_and_velocity() -> None:
    x_0, x_1, t = normal(4, 2, 3), normal(4, 2, 3), uniform(4)
    share = t[:, None, None]
    agree(reference.interpolant(x_0, x_1, t, 0.2), (1 - 0.8 * share) * x_0 + share * x_1)
    h = 1e-6
    ahead, behind = (reference.interpolant(x_0, x_1, t + s, 0.2) for s in (h, -h))
    slope = (ahead - behind) / (2 * h)
    agree(reference.velocity_target(x_0, x_1, 0.2), slope, rtol=1e-6, atol=1e-8)


def test_loss_is_the_mean_square() -> None:
    x_0, x_1, t, weight = normal(5, 3), normal(5, 3), uniform(5), normal(3, 3)
    loss = reference.flow_matching_loss(lambda x, t: x @ weight * t[:, None], x_0, x_1, t, 0.1)
    x_t = (1 - 0.9 * t)[:, None] * x_0 + t[:, None] * x_1
    off = x_t @ weight * t[:, None] - (x_1 - 0.9 * x_0)
    agree(loss, off.pow(2).mean())


# Fields


@pytest.mark.parametrize("sigma_min", [0.0, 0.2])
def test_the_gaussian_field_moves_noise_to_the_data(sigma_min: float) -> None:
    mean, std, noise = normal(2), 0.3 + uniform(2), normal(3, 2)

    def slope(t: float, flat: Tensor) -> Tensor:
        x = torch.as_tensor(flat).reshape(3, 2)
        return reference.gaussian_field(
            x, torch.full((3,), t).double(), mean, std, sigma_min
        ).flatten()

    solved = scipy.integrate.solve_ivp(
        slope, (0, 1), noise.flatten().numpy(), rtol=1e-8, atol=1e-10
    )
    end = torch.from_numpy(solved.y[:, -1]).reshape(3, 2)
    agree(end, mean + (std**2 + sigma_min**2).sqrt() * noise, rtol=1e-6, atol=1e-7)


def density(x: Tensor, t: Tensor, mixture: tuple[Tensor, ...], sigma_min: float) -> Tensor:
    weights, means, stds = mixture
    spread = ((1 - (1 - sigma_min) * t)[:, None] ** 2 + t[:, None] ** 2 * stds**2).sqrt()
    square = (x[:, None] - t[:, None, None] * means).square().sum(2)
    n = x.shape[1]
    parts = weights.log() - square / (2 * spread**2) - n * spread.log()
    return torch.logsumexp(parts, 1) - n / 2 * math.log(2 * math.pi)


@pytest.mark.parametrize("sigma_min", [0.0, 0.3])
def test_the_mixture_field_is_that_of_the_score(sigma_min: float) -> None:
    """u = x / t + share of the score, which follows from E[x_0 | x] = -alpha_t score."""
    mixture = torch.tensor([0.2, 0.5, 0.3]).double(), normal(3, 2), 0.3 + uniform(3)
    x, t = normal(6, 2).requires_grad_(), 0.1 + 0.8 * uniform(6)
    (score,) = torch.autograd.grad(density(x, t, mixture, sigma_min).sum(), x)
    share = (1 - (1 - sigma_min) * t)[:, None]
    noise = -share * score
    data = (x - share * noise) / t[:, None]
    field = reference.mixture_field(x, t, *mixture, sigma_min)
    agree(field, data - (1 - sigma_min) * noise)


def test_the_mixture_field_satisfies_the_continuity_equation() -> None:
    mixture = torch.tensor([0.4, 0.6]).double(), normal(2, 2), 0.5 + uniform(2)
    x, t = normal(5, 2), 0.1 + 0.8 * uniform(5)

    def flux(x: Tensor) -> Tensor:
        return density(x, t, mixture, 0.0).exp()[:, None] * reference.mixture_field(x, t, *mixture)

    h = 1e-5
    change = sum(
        (density(x, t + s * h, mixture, 0.0).exp() * s for s in (1, -1)), start=torch.zeros(5)
    ) / (2 * h)
    divergence = torch.zeros(5, dtype=torch.float64)
    for i in range(2):
        step = h * torch.eye(2, dtype=torch.float64)[i]
        divergence += (flux(x + step) - flux(x - step))[:, i] / (2 * h)
    agree(change, -divergence, rtol=1e-5, atol=1e-8)


def test_the_field_is_the_mean_of_velocities() -> None:
    """By Monte Carlo, in a narrow window of places."""
    weights = torch.tensor([0.3, 0.7]).double()
    means, stds = torch.tensor([[1.0], [-1.0]]).double(), torch.tensor([0.3, 0.5]).double()
    n, moment = 500_000, 0.6
    part = (torch.rand(n) > 0.3).long()
    x_0, x_1 = normal(n, 1), means[part] + stds[part][:, None] * normal(n, 1)
    x_t = (1 - moment) * x_0 + moment * x_1
    near = (x_t - 0.1).abs().squeeze(1) < 0.01
    field = reference.mixture_field(
        torch.tensor([[0.1]]).double(), torch.tensor([moment]).double(), weights, means, stds
    )
    agree((x_1 - x_0)[near].mean(0, keepdim=True), field, rtol=0.0, atol=0.1)


# Samplers


@pytest.mark.parametrize("name, order", [("euler_sample", 1), ("heun_sample", 2)])
def test_samplers_converge_to_scipys_solution(name: str, order: int) -> None:
    matrix, x_0 = normal(2, 2), normal(1, 2)

    def field(x: Tensor, t: Tensor) -> Tensor:
        return torch.tanh(x @ matrix) * (1 + t[:, None])

    def slope(t: float, flat: Tensor) -> Tensor:
        return field(torch.as_tensor(flat)[None], torch.tensor([t]).double())[0]

    solved = scipy.integrate.solve_ivp(slope, (0, 1), x_0[0].numpy(), rtol=1e-10, atol=1e-12)
    exact = torch.from_numpy(solved.y[:, -1])[None]
    errors = [float((getattr(reference, name)(field, x_0, n) - exact).norm()) for n in (40, 80)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.15)
    with pytest.raises(ValueError):
        getattr(reference, name)(field, x_0, 0)


def test_samplers_step_by_step() -> None:
    x_0 = normal(3, 2)

    def field(x: Tensor, t: Tensor) -> Tensor:
        return x.sin() + t[:, None]

    x, heun = x_0, x_0
    for k in range(4):
        now, later = torch.full((3,), k / 4).double(), torch.full((3,), (k + 1) / 4).double()
        x = x + field(x, now) / 4
        first = field(heun, now)
        heun = heun + (first + field(heun + first / 4, later)) / 8
    agree(reference.euler_sample(field, x_0, 4), x)
    agree(reference.heun_sample(field, x_0, 4), heun)


def test_straightness_by_its_definition() -> None:
    x_0, n = normal(4, 2, 3), 5

    def field(x: Tensor, t: Tensor) -> Tensor:
        return x.cos() * (1 + t[:, None, None])

    x, velocities = x_0, []
    for k in range(n):
        velocities.append(field(x, torch.full((4,), k / n, dtype=torch.float64)))
        x = x + velocities[-1] / n
    squares = [((x - x_0) - v).square().sum((1, 2)) for v in velocities]
    agree(reference.straightness(field, x_0, n), torch.stack(squares).mean(0))
    agree(reference.straightness(field, x_0, 1), torch.zeros(4).double())


def test_a_field_of_its_own_pairs_is_exact_in_one_step() -> None:
    """Rectified flow: the map of a coupling that does not cross is straight."""
    mean, std = normal(2), 0.5 + uniform(2)

    def sample(z: Tensor) -> Tensor:
        return mean + std * z

    z_0, z_1 = reference.reflow_pairs(sample, normal(7, 2), 3)
    agree(z_1, sample(z_0))

    def straight(x: Tensor, t: Tensor) -> Tensor:  # of x_t = (1 - t) z + t (mean + std z)
        t = t[:, None]
        start = (x - t * mean) / (1 - t + t * std)
        return sample(start) - start

    agree(reference.euler_sample(straight, z_0, 1), z_1)
    agree(reference.straightness(straight, z_0, 6), torch.zeros(7).double())
    with pytest.raises(ValueError):
        reference.reflow_pairs(sample, z_0, 0)


# Coupling


def test_coupling_is_as_cheap_as_scipys() -> None:
    for shape in ((6, 2), (5, 1, 2, 2), (1, 3)):
        x_0, x_1 = normal(*shape), normal(*shape)
        costs = torch.cdist(x_0.flatten(1), x_1.flatten(1)).square()
        rows, columns = scipy.optimize.linear_sum_assignment(costs.numpy())
        found = reference.minibatch_coupling(x_0, x_1)
        agree(costs[torch.arange(len(x_0)), found].sum(), costs[rows, columns].sum())


# Averages and latents


def test_the_average_has_the_weights_of_the_power_function() -> None:
    """The share of step i in the average after n steps is known in closed form for whole gamma."""
    gamma, n = 2, 6
    averaged, seen = nn.Linear(2, 3).double(), []
    for step in range(1, n + 1):
        network = nn.Linear(2, 3).double()
        seen.append(copy.deepcopy(network.weight.detach()))
        reference.ema_update(averaged, network, step, gamma)
    shares = [((i / n) ** (gamma + 1)) - (((i - 1) / n) ** (gamma + 1)) for i in range(1, n + 1)]
    agree(averaged.weight, sum(s * w for s, w in zip(shares, seen, strict=True)))
    with pytest.raises(ValueError):
        reference.ema_update(averaged, network, 0, gamma)


def test_buffers_are_copied() -> None:
    averaged, network = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    network(torch.randn(5, 2))
    reference.ema_update(averaged, network, 5, 1.0)
    agree(averaged.running_mean, network.running_mean)
    assert averaged.num_batches_tracked == 1


def test_latents_have_spread_one_after_scaling() -> None:
    latents = 3 * normal(6, 2, 3) + 1
    scale = reference.latent_scale(latents)
    agree((scale * latents).var(correction=0), torch.ones(()).double())
    with pytest.raises(ValueError):
        reference.latent_scale(torch.full((3, 2), 0.1))


def test_latents_there_and_back() -> None:
    x, eps, matrix = normal(5, 3), normal(5, 3), normal(3, 3)

    def encoder(x: Tensor) -> tuple[Tensor, Tensor]:
        return x @ matrix, 2 * x.sin()

    z = reference.encode_latents(encoder, x, eps, 0.3)
    agree(z, 0.3 * (x @ matrix + x.sin().exp() * eps))
    decoder: Callable[[Tensor], Tensor] = lambda z: 2 * z  # noqa: E731
    agree(reference.decode_latents(decoder, z, 0.3), 2 * (x @ matrix + x.sin().exp() * eps))
