"""Hidden checks: closed-form ELBO of the linear-Gaussian VAE."""

import pytest
import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.vae.gaussian_elbo import oracle
from autograder.suites.vae.log_marginal import oracle as log_marginal_oracle
from autograder.suites.vae.optimal_posterior import oracle as optimal_posterior_oracle


def problem(draw, batch=5, D=4, K=3, sigma=0.6):
    """x, W, b, sigma, m, S with a full covariance S that is no multiple of the identity."""
    root = draw.normal(K, K)
    S = root @ root.T / K + 0.2 * torch.eye(K, dtype=torch.float64)
    return (
        2 * draw.normal(batch, D),
        draw.normal(D, K),
        draw.normal(D),
        sigma,
        draw.normal(batch, K),
        S,
    )


@weight(3)
@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_values(student, draw, sigma):
    """is right for an encoder with a full covariance, whatever the noise level"""
    given = problem(draw, sigma=sigma)
    close(student.gaussian_elbo(*given), oracle.gaussian_elbo(*given))


def test_more_latents(student, draw):
    """is right when there are more latents than dimensions of x"""
    given = problem(draw, D=2, K=5)
    close(student.gaussian_elbo(*given), oracle.gaussian_elbo(*given))


@weight(2)
def test_tight(student, draw):
    """equals log p(x) when q is the exact posterior, and lies below it elsewhere"""
    x, W, b, sigma, m, S = problem(draw)
    truth = log_marginal_oracle.log_marginal(x, W, b, sigma)
    close(
        student.gaussian_elbo(
            x, W, b, sigma, *optimal_posterior_oracle.optimal_posterior(x, W, b, sigma)
        ),
        truth,
    )
    is_true((student.gaussian_elbo(x, W, b, sigma, m, S) < truth).all())


def test_correlation(student, draw):
    """takes the correlations of q into account"""
    x, W, b, sigma, m, _ = problem(draw, K=2)
    for correlation in (-0.9, 0.9):
        S = torch.tensor([[1.0, correlation], [correlation, 1.0]], dtype=torch.float64)
        close(
            student.gaussian_elbo(x, W, b, sigma, m, S), oracle.gaussian_elbo(x, W, b, sigma, m, S)
        )


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_many_latents(student, draw, scale):
    """stays finite and exact when there are many latents, all nearly certain or all vague"""
    x, W, b, sigma, m, _ = problem(draw, batch=2, D=3, K=100)
    S = scale * torch.diag(draw.uniform(100, low=0.5, high=2.0))
    close(student.gaussian_elbo(x, W, b, sigma, m, S), oracle.gaussian_elbo(x, W, b, sigma, m, S))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the model (W, b) and to the mean of q"""
    x, W, b, sigma, m, S = problem(draw)
    same_gradients(
        lambda W, b, m: student.gaussian_elbo(x, W, b, sigma, m, S),
        lambda W, b, m: oracle.gaussian_elbo(x, W, b, sigma, m, S),
        W,
        b,
        m,
    )


def test_gradient_of_covariance(student, draw):
    """sends the right gradient to the covariance of q"""
    x, W, b, sigma, m, S = problem(draw)
    root = torch.linalg.cholesky(
        S
    )  # through a factor, because a covariance only moves symmetrically
    same_gradients(
        lambda root: student.gaussian_elbo(x, W, b, sigma, m, root @ root.T),
        lambda root: oracle.gaussian_elbo(x, W, b, sigma, m, root @ root.T),
        root,
    )


globals().update(usual_checks(oracle.gaussian_elbo, problem, rtol=1e-9))
