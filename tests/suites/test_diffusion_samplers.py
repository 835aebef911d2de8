"""The oracles of the lab `samplers`, each against a third way: the notebook's own formulas by other
routes, torch.distributions, numerical integration, draws.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import scipy.integrate
import torch
from torch import Tensor

from autograder.checks.suite import oracles
from autograder.course.released import release_notebook

ROOT = Path(__file__).resolve().parents[2]
reference = SimpleNamespace(**oracles("diffusion"))

CONTRACT = {
    "prediction_target": "x_0 eps alpha_bar_t kind",
    "data_and_noise": "prediction x_t alpha_bar_t kind",
    "gaussian_denoiser": "x_t alpha_bar_t mean cov",
    "mixture_denoiser": "x_t alpha_bar_t weights means variances",
    "dataset_denoiser": "x_t alpha_bar_t data",
    "ddim_step": "x_t eps_hat alpha_bar_t alpha_bar_s eta noise",
    "ddim_sample": "network x_T steps alpha_bar eta noise",
    "ddim_encode": "network x_0 steps alpha_bar",
    "clipped_eps": "x_t eps_hat alpha_bar_t",
    "probability_flow_drift": "x score beta_t",
    "reverse_sde_step": "x score beta_t dt noise",
    "integrate_ode": "drift x times method",
    "drop_labels": "labels mask null_label",
    "guided_eps": "network x_t t labels null_label w",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def numbers(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def agree(actual: Tensor, expected: Tensor, off: float = 1e-8) -> None:
    assert actual.shape == expected.shape
    torch.testing.assert_close(actual.detach(), expected.detach(), rtol=off, atol=off)


def slopes(function: Callable[..., Tensor], *inputs: Tensor) -> None:
    """Autograd's gradients of the oracle are those of central differences."""
    given = tuple(x.detach().clone().requires_grad_() for x in inputs)
    assert torch.autograd.gradcheck(function, given, eps=1e-6, atol=1e-5)


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


@pytest.mark.parametrize("name", CONTRACT)
def test_the_release_asks_for_this_signature(name: str) -> None:
    (text,) = re.findall(
        rf"^def {name}\((.*?)\) ->",
        "\n".join(cell.source for cell in release_notebook(ROOT, "diffusion", "samplers").cells),
        re.MULTILINE | re.DOTALL,
    )
    names: dict[str, Any] = {"Tensor": Tensor, "Callable": Callable, "Network": Callable}
    exec(f"def asked({text}): ...", names)
    theirs = inspect.signature(names["asked"]).parameters.values()
    ours = inspect.signature(getattr(reference, name)).parameters.values()
    assert [(p.name, p.default) for p in theirs] == [(p.name, p.default) for p in ours]


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


# Parameterisations


def test_targets_and_the_way_back() -> None:
    x_0, eps, share = normal(5, 2, 3), normal(5, 2, 3), torch.linspace(0.05, 0.95, 5).double()
    signal, noise = share.sqrt()[:, None, None], (1 - share).sqrt()[:, None, None]
    x_t = signal * x_0 + noise * eps
    for kind in ("eps", "x_0", "v", "score"):
        target = reference.prediction_target(x_0, eps, share, kind)
        found = reference.data_and_noise(target, x_t, share, kind)
        agree(found[0], x_0)
        agree(found[1], eps)


def test_the_score_is_the_slope_of_the_log_density_and_v_that_of_the_path() -> None:
    x_0, eps, share = normal(4, 3), normal(4, 3), numbers(0.1, 0.4, 0.7, 0.9)
    centre, deviation = share.sqrt()[:, None] * x_0, (1 - share).sqrt()[:, None]
    x_t = (centre + deviation * eps).requires_grad_()
    log_p = torch.distributions.Normal(centre, deviation).log_prob(x_t).sum()
    (score,) = torch.autograd.grad(log_p, x_t)
    agree(reference.prediction_target(x_0, eps, share, "score"), score)
    step, angle = 1e-5, share.sqrt().acos()[:, None]
    ahead, behind = (a.cos() * x_0 + a.sin() * eps for a in (angle + step, angle - step))
    v = reference.prediction_target(x_0, eps, share, "v")
    agree(v, (ahead - behind) / (2 * step), 1e-7)


def test_slopes_of_both_results() -> None:
    share = numbers(0.3, 0.8)
    for kind in ("eps", "x_0", "v", "score"):
        for result in (0, 1):
            slopes(
                lambda p, x, k=kind, r=result: reference.data_and_noise(p, x, share, k)[r] + 0 * x,
                normal(2, 3),
                normal(2, 3),
            )


# Exact denoisers


def test_a_gaussian_by_integration() -> None:
    mean, variance, share, x = 0.7, 0.4, 0.3, -0.5

    def weight(x_0: float) -> float:
        return math.exp(
            -((x_0 - mean) ** 2) / (2 * variance)
            - (x - math.sqrt(share) * x_0) ** 2 / (2 * (1 - share))
        )

    above = scipy.integrate.quad(lambda x_0: x_0 * weight(x_0), -8, 8)[0]
    below = scipy.integrate.quad(weight, -8, 8)[0]
    found = reference.gaussian_denoiser(
        numbers(x)[:, None], numbers(share), numbers(mean), numbers(variance)[:, None]
    )
    agree(found, numbers(above / below)[:, None])


def test_one_component_is_a_gaussian_and_points_are_a_data_set() -> None:
    x_t, share, means = normal(6, 3), torch.linspace(0.1, 0.9, 6).double(), normal(5, 3)
    one = reference.mixture_denoiser(x_t, share, numbers(1.0), means[:1], numbers(0.6))
    cov = 0.6 * torch.eye(3, dtype=torch.float64)
    agree(one, reference.gaussian_denoiser(x_t, share, means[0], cov))
    even = torch.full((5,), 0.2, dtype=torch.float64)
    points = reference.mixture_denoiser(x_t, share, even, means, 0 * even)
    agree(points, reference.dataset_denoiser(x_t, share, means))
    slopes(lambda x: reference.mixture_denoiser(x, share, even, means, even), x_t)
    slopes(lambda x: reference.dataset_denoiser(x, share, means), x_t)


def test_a_mixture_by_draws() -> None:
    """The mean of data weighted by how well they explain x_t."""
    weights, means, variances = numbers(0.3, 0.7), normal(2, 2), numbers(0.2, 1.1)
    k = torch.multinomial(weights, 400_000, replacement=True)
    x_0 = means[k] + variances[k].sqrt()[:, None] * normal(400_000, 2)
    share, x_t = numbers(0.5), normal(1, 2)
    counts = (-(x_t - share.sqrt() * x_0).square().sum(1) / (2 * (1 - share))).exp()
    expected = (counts[:, None] * x_0).sum(0) / counts.sum()
    found = reference.mixture_denoiser(x_t, share, weights, means, variances)
    agree(found[0], expected, 0.02)


# DDIM


def test_eta_of_one_is_the_posterior_of_draws() -> None:
    """Regress x_s on x_t and x_0, drawn from the forward process."""
    n, before, after = 400_000, 0.4, 0.7
    x_0 = normal(n)
    x_s = math.sqrt(after) * x_0 + math.sqrt(1 - after) * normal(n)
    x_t = math.sqrt(before / after) * x_s + math.sqrt(1 - before / after) * normal(n)
    design = torch.stack([x_t, x_0], 1)
    fit = torch.linalg.lstsq(design, x_s[:, None]).solution[:, 0]
    left = (x_s - design @ fit).std()
    for x, data in ((1.0, 0.0), (0.0, 1.0)):
        eps = (x - math.sqrt(before) * data) / math.sqrt(1 - before)
        given = numbers(x), numbers(eps), numbers(before), numbers(after), 1.0
        agree(reference.ddim_step(*given, numbers(0.0)), numbers(x * fit[0] + data * fit[1]), 0.01)
        spread = reference.ddim_step(*given, numbers(1.0)) - reference.ddim_step(
            *given, numbers(0.0)
        )
        agree(spread[0], left, 0.01)


@pytest.mark.parametrize("eta", [0.0, 0.6, 1.0])
def test_steps_of_ddim_keep_the_path_and_have_slopes(eta: float) -> None:
    x_0, eps, before, after = normal(4, 2), normal(4, 2), numbers(0.1, 0.3, 0.5, 0.7), 0.9
    x_t = before.sqrt()[:, None] * x_0 + (1 - before).sqrt()[:, None] * eps
    after = torch.full_like(before, after)
    found = reference.ddim_step(x_t, eps, before, after, eta, eps)
    if eta == 0:
        agree(found, after.sqrt()[:, None] * x_0 + (1 - after).sqrt()[:, None] * eps)
    slopes(lambda x, e, z: reference.ddim_step(x, e, before, after, eta, z), x_t, eps, normal(4, 2))


def linear_network(alpha_bar: Tensor, variance: float = 0.5) -> Callable[[Tensor, Tensor], Tensor]:
    """The exact noise of data from N(0, variance)."""

    def network(x: Tensor, t: Tensor) -> Tensor:
        kept = alpha_bar[t][:, None]
        return (1 - kept).sqrt() * x / (kept * variance + 1 - kept)

    return network


def test_the_chain_and_its_reverse_follow_the_ode() -> None:
    """Of Gaussian data, whose flow only scales: by the ratio of standard deviations."""
    alpha_bar = (torch.linspace(0.01, 0.99, 400).double() * math.pi / 2).cos().square()
    steps, x = torch.arange(399, -1, -1), normal(3, 2)
    network, last = linear_network(alpha_bar), alpha_bar[-1]
    scale = (0.5 / (last * 0.5 + 1 - last)).sqrt()
    agree(reference.ddim_sample(network, x, steps, alpha_bar), scale * x, 2e-2)
    agree(reference.ddim_encode(network, x, steps, alpha_bar), x / scale, 2e-2)


def test_noise_in_the_chain_is_used_once_a_step() -> None:
    alpha_bar, steps = numbers(0.9, 0.6, 0.3), torch.tensor([2, 0])
    x, noise = normal(4, 2), normal(2, 4, 2)
    network = linear_network(alpha_bar)
    first = reference.ddim_step(
        *(x, network(x, torch.full((4,), 2))),
        *(torch.full((4,), share, dtype=torch.float64) for share in (0.3, 0.9)),
        *(1.0, noise[0]),
    )
    eps = network(first, torch.zeros(4, dtype=torch.int64))
    x_0 = reference.data_and_noise(eps, first, numbers(*[0.9] * 4), "eps")[0]
    agree(reference.ddim_sample(network, x, steps, alpha_bar, 1.0, noise), x_0)


def test_clipped_noise_belongs_to_clipped_data() -> None:
    x_t, eps, share = 2 * normal(5, 4), normal(5, 4), torch.linspace(0.2, 0.9, 5).double()
    x_0, _ = reference.data_and_noise(eps, x_t, share, "eps")
    found, _ = reference.data_and_noise(reference.clipped_eps(x_t, eps, share), x_t, share, "eps")
    agree(found, x_0.clamp(-1, 1))
    slopes(lambda x, e: reference.clipped_eps(x, e, share), x_t, eps)


# Differential equations


def test_the_flow_keeps_the_marginals_of_draws() -> None:
    """Mean and deviation of Gaussian data by scipy's solver."""
    mean, variance, beta = 0.8, 0.3, 6.0

    def drift(t: float, x: Any) -> Any:
        share = math.exp(-beta * t)
        at = torch.tensor(x)
        score = -(at - math.sqrt(share) * mean) / (share * variance + 1 - share)
        return reference.probability_flow_drift(at, score, numbers(*[beta] * len(at))).numpy()

    start = [mean, mean + math.sqrt(variance)]
    end = scipy.integrate.solve_ivp(drift, (0, 1), start, rtol=1e-9, atol=1e-11).y[:, -1]
    share = math.exp(-beta)
    deviation = math.sqrt(share * variance + 1 - share)
    agree(torch.tensor(end), math.sqrt(share) * mean + numbers(0.0, deviation), 1e-6)


def test_the_reverse_sde_by_draws() -> None:
    mean, variance, beta, n = 0.8, 0.3, 4.0, 100_000
    share = math.exp(-beta)
    x = math.sqrt(share) * mean + math.sqrt(share * variance + 1 - share) * normal(n)
    for i in range(100):
        share = math.exp(-beta * (1 - i / 100))
        score = -(x - math.sqrt(share) * mean) / (share * variance + 1 - share)
        rate = torch.full((1,), beta, dtype=torch.float64)
        x = reference.reverse_sde_step(x[None], score[None], rate, 0.01, normal(1, n))[0]
    agree(torch.stack([x.mean(), x.var()]), numbers(mean, variance), 0.05)


@pytest.mark.parametrize(("method", "off"), [("euler", 1e-2), ("heun", 5e-5)])
def test_solvers_by_scipy(method: str, off: float) -> None:
    x, times = normal(4), torch.linspace(1.3, 0.1, 241, dtype=torch.float64)

    def drift(x: Any, t: Any) -> Any:
        return torch.sin(torch.as_tensor(x)) * math.cos(float(t)) - float(t) * torch.as_tensor(x)

    exact = scipy.integrate.solve_ivp(
        lambda t, x: drift(x, t).numpy(), (1.3, 0.1), x.numpy(), rtol=1e-10, atol=1e-12
    ).y[:, -1]
    agree(reference.integrate_ode(drift, x, times, method), torch.tensor(exact), off)


# Guidance


def test_dropped_labels() -> None:
    labels, mask = torch.arange(6), torch.arange(6) % 2 == 1
    assert torch.equal(reference.drop_labels(labels, mask, -7) - labels, (-7 - labels) * mask)


@pytest.mark.parametrize("w", [-1.0, 0.0, 1.0, 4.0])
def test_guidance_is_a_line(w: float) -> None:
    def network(x: Tensor, t: Tensor, labels: Tensor) -> Tensor:
        return x * t[:, None] + labels[:, None]

    x, t, labels = normal(3, 2), torch.arange(3), torch.tensor([2, 5, 9])
    found = reference.guided_eps(network, x, t, labels, 10, w)
    agree(found, x * t[:, None] + 10 + w * (labels[:, None] - 10.0))
