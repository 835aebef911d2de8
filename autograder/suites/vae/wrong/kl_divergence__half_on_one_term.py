"""Puts the half on the first term alone."""


def kl_divergence(mu, logvar):
    return (0.5 * mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()
