"""The VAE's oracles against the definitions, by brute force."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch

from autograder.checks.suite import oracles

reference = SimpleNamespace(**oracles("vae"))

GRID = torch.linspace(-14, 14, 40001, dtype=torch.float64)


def integral(values: torch.Tensor) -> float:
    return float(torch.trapezoid(values, GRID))


def log_normal(z: torch.Tensor, mean: float, std: float) -> torch.Tensor:
    return -0.5 * ((z - mean) / std) ** 2 - math.log(std) - 0.5 * math.log(2 * math.pi)


def linear_model() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, float]:
    """One latent, so that a grid over it integrates everything; two dimensions of x."""
    x = torch.tensor([[0.4, -1.1], [2.0, 0.3], [-0.7, 0.9]], dtype=torch.float64)
    return (
        x,
        torch.tensor([[0.8], [-1.3]], dtype=torch.float64),
        torch.tensor([0.2, -0.5], dtype=torch.float64),
        0.7,
    )


def log_joint(row: int) -> torch.Tensor:
    x, W, b, sigma = linear_model()
    likelihood = sum(log_normal(x[row, d] - W[d, 0] * GRID, float(b[d]), sigma) for d in range(2))
    return likelihood + log_normal(GRID, 0.0, 1.0)


def test_kl_is_the_integral_of_its_definition():
    mu, logvar = (
        torch.tensor([[0.7, -1.2]], dtype=torch.float64),
        torch.tensor([[-0.8, 0.6]], dtype=torch.float64),
    )
    parts = []
    for m, v in zip(mu[0].tolist(), logvar[0].tolist(), strict=True):
        log_q = log_normal(GRID, m, math.exp(v / 2))
        parts.append(integral(log_q.exp() * (log_q - log_normal(GRID, 0.0, 1.0))))
    assert math.isclose(float(reference.kl_divergence(mu, logvar)), sum(parts), rel_tol=1e-8)
    assert math.isclose(
        float(reference.free_bits(mu, logvar, 0.3)),
        sum(max(0.3, part) for part in parts),
        rel_tol=1e-8,
    )


@pytest.mark.parametrize("row", range(3))
def test_log_marginal_and_posterior_are_integrals_over_z(row):
    evidence = integral(log_joint(row).exp())
    assert math.isclose(
        float(reference.log_marginal(*linear_model())[row]), math.log(evidence), rel_tol=1e-8
    )
    posterior = log_joint(row).exp() / evidence
    mean, cov = reference.optimal_posterior(*linear_model())
    expected = integral(posterior * GRID)
    assert math.isclose(float(mean[row, 0]), expected, rel_tol=1e-7)
    assert math.isclose(
        float(cov[0, 0]), integral(posterior * (GRID - expected) ** 2), rel_tol=1e-7
    )


@pytest.mark.parametrize("row", range(3))
def test_elbo_and_gap_are_expectations_under_q(row):
    x, W, b, sigma = linear_model()
    m, S = (
        torch.tensor([[0.3], [-0.6], [1.1]], dtype=torch.float64),
        torch.tensor([[0.45]], dtype=torch.float64),
    )
    log_q = log_normal(GRID, float(m[row, 0]), math.sqrt(0.45))
    elbo = integral(log_q.exp() * (log_joint(row) - log_q))
    assert math.isclose(
        float(reference.gaussian_elbo(x, W, b, sigma, m, S)[row]), elbo, rel_tol=1e-8
    )
    log_posterior = log_joint(row) - math.log(integral(log_joint(row).exp()))
    gap = integral(log_q.exp() * (log_q - log_posterior))
    assert math.isclose(
        float(reference.elbo_gap(m, S, *reference.optimal_posterior(x, W, b, sigma))[row]),
        gap,
        rel_tol=1e-7,
    )


def test_bernoulli_is_a_product_of_probabilities():
    x, logits = (
        torch.tensor([[1.0, 0.0, 1.0]], dtype=torch.float64),
        torch.tensor([[0.3, -1.2, 2.0]], dtype=torch.float64),
    )
    p = [1 / (1 + math.exp(-value)) for value in logits[0].tolist()]
    assert math.isclose(
        float(reference.bernoulli_nll(x, logits)),
        -math.log(p[0] * (1 - p[1]) * p[2]),
        rel_tol=1e-12,
    )


def test_iwae_averages_the_weights():
    log_w = torch.tensor([[0.1, -2.0], [1.3, 0.4], [-0.6, 0.9]], dtype=torch.float64)
    columns = [
        math.log(sum(math.exp(value) for value in column) / 3) for column in log_w.T.tolist()
    ]
    assert math.isclose(float(reference.iwae_bound(log_w)), sum(columns) / 2, rel_tol=1e-12)


def test_moments_agree_with_scipy():
    scipy_stats = pytest.importorskip("scipy.stats")
    z = (
        torch.randn(9, 2, generator=torch.Generator().manual_seed(3), dtype=torch.float64) * 1.7
        + 0.4
    )
    mean, std, kurtosis = (
        z.mean(0).numpy(),
        z.numpy().std(0),
        scipy_stats.kurtosis(z.numpy(), fisher=False),
    )
    expected = (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()
    assert math.isclose(float(reference.moment_penalty(z)), float(expected), rel_tol=1e-10)
