"""Cross-entropy minus entropy, in helper functions."""

import math

LOG_2PI = math.log(2 * math.pi)


def negative_entropy(logvar):
    return -0.5 * (LOG_2PI + 1 + logvar)


def cross_entropy(mu, logvar):
    return 0.5 * (LOG_2PI + mu**2 + logvar.exp())


def kl_divergence(mu, logvar, reduce=True):
    each = (negative_entropy(logvar) + cross_entropy(mu, logvar)).sum(1)
    return each.mean() if reduce else each
