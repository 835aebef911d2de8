"""torch.distributions, its validation off because pixels may be grey."""

import torch


def bernoulli_nll(x, logits):
    pixels = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    dims = list(range(1, x.dim()))
    return -pixels.log_prob(x).sum(dims).mean()
