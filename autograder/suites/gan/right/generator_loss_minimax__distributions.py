"""Asks a Bernoulli distribution for the log-probability of a label."""

import torch
from torch.distributions import Bernoulli


def generator_loss_minimax(fake_logits):
    coin = Bernoulli(logits=fake_logits, validate_args=False)
    return coin.log_prob(torch.zeros_like(fake_logits)).mean()
