"""Multiplies the noise by the log-variance."""


def reparameterize(mu, logvar, eps):
    return mu + logvar * eps
