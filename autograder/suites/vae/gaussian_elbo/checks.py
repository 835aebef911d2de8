"""Hidden checks: closed-form ELBO of the linear-Gaussian VAE."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.gaussian_elbo import oracle
from autograder.suites.vae.log_marginal import oracle as log_marginal_oracle
from autograder.suites.vae.optimal_posterior import oracle as optimal_posterior_oracle
from autograder.suites.vae.shared import covariance, linear_model

ASPECTS = {"values": 0.4, "images": 0.15, "gradients": 0.25, "edges": 0.1, "conventions": 0.1}


def problem(draw, batch=5, D=4, K=3, sigma=0.6):
    """x, W, b, sigma, m, S with a full covariance S that is no multiple of the identity."""
    return *linear_model(draw, batch, D, K), sigma, draw.normal(batch, K), covariance(draw, K)


def agree(student, *given, **tolerance):
    close(student.gaussian_elbo(*given), oracle.gaussian_elbo(*given), **tolerance)


def ordinary(student, draw):
    given = problem(draw)
    once_right(student.gaussian_elbo(*given), oracle.gaussian_elbo(*given))


@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_values(student, draw, sigma):
    """is right for an encoder with a full covariance, whatever the noise level"""
    agree(student, *problem(draw, sigma=sigma))


def test_tight(student, draw):
    """equals log p(x) when q is the exact posterior"""
    given = *linear_model(draw, K=3), 0.6
    q = optimal_posterior_oracle.optimal_posterior(*given)
    close(student.gaussian_elbo(*given, *q), log_marginal_oracle.log_marginal(*given))


def test_correlation(student, draw):
    """takes the correlations of q into account"""
    x, W, b, sigma, m, _ = problem(draw, K=2)

    def difference(answer):
        S = torch.tensor([[1.0, 0.9], [0.9, 1.0]], dtype=torch.float64)
        return answer(x, W, b, sigma, m, S) - answer(
            x, W, b, sigma, m, 2 * torch.eye(2).double() - S
        )

    close(difference(student.gaussian_elbo), difference(oracle.gaussian_elbo))


@aspect("images")
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_many_latents(student, draw, scale):
    """stays finite and exact for images and many latents, all nearly certain or all vague"""
    ordinary(student, draw)
    x, W, b, sigma, m, _ = problem(draw, batch=2, D=200, K=100)
    S = scale * torch.diag(draw.uniform(100, low=0.5, high=2.0))
    agree(student, x, W / 10, b, sigma, m, S, rtol=1e-6)


@aspect("gradients")
@pytest.mark.parametrize(("D", "K"), [(4, 3), (2, 4), (60, 3)])
def test_gradients(student, draw, D, K):
    """sends the right gradients to the data, to the model and to q"""
    x, W, b, sigma, m, S = problem(draw, D=D, K=K)
    # to S through a factor, because a covariance only moves symmetrically
    same_gradients(
        lambda x, W, b, m, S: student.gaussian_elbo(x, W, b, sigma, m, S @ S.T),
        lambda x, W, b, m, S: oracle.gaussian_elbo(x, W, b, sigma, m, S @ S.T),
        *(x, W, b, m, torch.linalg.cholesky(S)),
    )


@aspect("edges")
@pytest.mark.parametrize(("batch", "D", "K"), [(1, 4, 2), (5, 1, 1), (5, 4, 1), (1, 1, 1)])
def test_one(student, draw, batch, D, K):
    """is right for a batch of one, and for one dimension or one latent"""
    ordinary(student, draw)
    agree(student, *problem(draw, batch, D, K))


@aspect("edges")
def test_more_latents(student, draw):
    """is right when there are more latents than dimensions of x"""
    ordinary(student, draw)
    agree(student, *problem(draw, D=2, K=5))


@aspect("edges")
@pytest.mark.parametrize("sigma", [0.01, 100.0])
def test_extreme_noise(student, draw, sigma):
    """is right when there is hardly any noise, and when there is a lot"""
    ordinary(student, draw)
    agree(student, *problem(draw, sigma=sigma), rtol=1e-6)


globals().update(
    usual_checks(
        oracle.gaussian_elbo,
        lambda draw: (*problem(draw)[:-1], covariance(draw, 3)),
    )
)
