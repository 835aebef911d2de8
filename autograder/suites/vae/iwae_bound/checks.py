"""Hidden checks: the importance-weighted bound."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.iwae_bound import oracle

ASPECTS = {"values": 0.4, "images": 0.15, "gradients": 0.25, "edges": 0.1, "conventions": 0.1}


def ordinary(student, draw):
    log_w = 2 * draw.normal(6, 4)
    once_right(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (5, 5)])
def test_values(student, draw, shape):
    """is right when there are more samples than images, as many, or fewer"""
    log_w = 2 * draw.normal(*shape)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


@aspect("images")
@pytest.mark.parametrize("centre", [-1e4, -200.0, 1e4])
def test_extreme(student, draw, centre):
    """stays finite and exact for log-weights whose exponential is 0 or infinite"""
    ordinary(student, draw)
    log_w = centre + 2 * draw.normal(5, 4)
    close(student.iwae_bound(log_w) - centre, oracle.iwae_bound(log_w) - centre)


@aspect("images")
def test_unequal_images(student, draw):
    """stays exact when the images of a batch lie thousands of nats apart"""
    ordinary(student, draw)
    log_w = draw.normal(5, 4) + torch.tensor([-1e4, -2e3, 0.0, 500.0], dtype=torch.float64)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w), rtol=1e-10, atol=1e-11)


@aspect("images")
def test_unequal_samples(student, draw):
    """stays finite and exact when the samples of an image lie thousands of nats apart"""
    ordinary(student, draw)
    log_w = draw.normal(3, 4) + torch.tensor([[-1e4], [0.0], [-2e3]], dtype=torch.float64)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


@aspect("gradients")
@pytest.mark.parametrize(("centre", "spread"), [(0.0, 2.0), (-1e4, 2.0), (-1e3, 500.0)])
def test_gradients(student, draw, centre, spread):
    """sends each sample the share of the gradient that its weight deserves"""
    same_gradients(student.iwae_bound, oracle.iwae_bound, centre + spread * draw.normal(6, 4))


@aspect("edges")
def test_single_sample(student, draw):
    """is the ELBO when there is one sample"""
    ordinary(student, draw)
    log_w = 3 * draw.normal(1, 6)
    close(student.iwae_bound(log_w), log_w.mean())


@aspect("edges")
@pytest.mark.parametrize("n_samples", [6, 1])
def test_single_image(student, draw, n_samples):
    """is right for a batch of one"""
    ordinary(student, draw)
    log_w = 3 * draw.normal(n_samples, 1)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


globals().update(usual_checks(oracle.iwae_bound, lambda draw: (draw.normal(5, 3),)))
