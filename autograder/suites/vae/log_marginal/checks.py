"""Hidden checks: exact log p(x) of the linear-Gaussian VAE."""

import pytest

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.log_marginal import oracle


def model(draw, batch=5, D=4, K=2):
    return 2 * draw.normal(batch, D), draw.normal(D, K), draw.normal(D)


@weight(3)
@pytest.mark.parametrize("sigma", [0.3, 1.0, 1.7])
def test_values(student, draw, sigma):
    """is right for each x of a batch, whatever the noise level"""
    given = model(draw)
    close(student.log_marginal(*given, sigma), oracle.log_marginal(*given, sigma))


def test_more_latents(student, draw):
    """is right when there are more latents than dimensions of x"""
    given = model(draw, D=3, K=6)
    close(student.log_marginal(*given, 0.8), oracle.log_marginal(*given, 0.8))


def test_mean(student, draw):
    """is right when b is far from zero"""
    x, W, b = model(draw)
    close(student.log_marginal(x + 30, W, b + 30, 0.8), oracle.log_marginal(x + 30, W, b + 30, 0.8))


@pytest.mark.parametrize("sigma", [0.01, 100.0])
def test_many_dimensions(student, draw, sigma):
    """stays finite and exact when x has the size of an image"""
    x, W, b = sigma * draw.normal(3, 200), draw.normal(200, 3), draw.normal(200)
    given = x + draw.normal(3, 3) @ W.T + b, W, b
    close(student.log_marginal(*given, sigma), oracle.log_marginal(*given, sigma))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to x, W and b"""
    same_gradients(
        lambda *given: student.log_marginal(*given, 0.7),
        lambda *given: oracle.log_marginal(*given, 0.7),
        *model(draw),
    )


globals().update(usual_checks(oracle.log_marginal, lambda draw: (*model(draw), 0.7), rtol=1e-9))
