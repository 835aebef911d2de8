"""Averages weights over the batch too before it takes the logarithm."""

import math

import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w.flatten(), 0) - math.log(log_w.numel())
