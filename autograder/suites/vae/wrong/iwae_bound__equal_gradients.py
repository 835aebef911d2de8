"""Has the right value, but spreads the gradient evenly over the samples."""

import math

import torch


def iwae_bound(log_w):
    bound = (torch.logsumexp(log_w, 0) - math.log(len(log_w))).mean()
    return log_w.mean() + (bound - log_w.mean()).detach()
