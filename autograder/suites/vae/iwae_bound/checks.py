"""Hidden checks: the importance-weighted bound."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.iwae_bound import oracle


@weight(3)
def test_values(student, draw):
    """is right when the number of samples and the size of the batch differ"""
    for shape in ((7, 3), (3, 7)):
        log_w = 2 * draw.normal(*shape)
        close(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


def test_single_sample(student, draw):
    """is the ELBO when there is one sample"""
    log_w = 3 * draw.normal(1, 6)
    close(student.iwae_bound(log_w), log_w.mean())


def test_single_image(student, draw):
    """is right for a batch of one"""
    log_w = 3 * draw.normal(6, 1)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w))


def test_repeated_samples(student, draw):
    """does not change when every sample is counted twice"""
    log_w = 2 * draw.normal(4, 3)
    close(student.iwae_bound(torch.cat([log_w, log_w])), oracle.iwae_bound(log_w))


@weight(2)
@pytest.mark.parametrize("centre", [-1e4, -200.0, 1e4])
def test_extreme(student, draw, centre):
    """stays finite and exact for log-weights whose exponential is 0 or infinite"""
    log_w = centre + 2 * draw.normal(5, 4)
    close(student.iwae_bound(log_w) - centre, oracle.iwae_bound(log_w) - centre)


def test_unequal_images(student, draw):
    """stays exact when the images of a batch lie thousands of nats apart"""
    log_w = draw.normal(5, 4) + torch.tensor([-1e4, -2e3, 0.0, 500.0], dtype=torch.float64)
    close(student.iwae_bound(log_w), oracle.iwae_bound(log_w), rtol=1e-10, atol=1e-11)
    same_gradients(student.iwae_bound, oracle.iwae_bound, log_w)


@weight(2)
def test_gradients(student, draw):
    """sends each sample the share of the gradient that its weight deserves"""
    same_gradients(student.iwae_bound, oracle.iwae_bound, 2 * draw.normal(6, 4))


globals().update(usual_checks(oracle.iwae_bound, lambda draw: (draw.normal(5, 3),)))
