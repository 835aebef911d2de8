"""Divides by K inside the logarithm."""

import math


def iwae_bound(log_w):
    return log_w.sub(math.log(log_w.size(0))).logsumexp(0).mean()
