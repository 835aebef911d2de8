"""Leaves out the factor one half."""


def kl_divergence(mu, logvar):
    return (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()
