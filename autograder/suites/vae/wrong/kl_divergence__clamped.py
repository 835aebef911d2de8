"""Clamps the log-variance to [-10, 10] "for stability"."""


def kl_divergence(mu, logvar):
    logvar = logvar.clamp(-10, 10)
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()
