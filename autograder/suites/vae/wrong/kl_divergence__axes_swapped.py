"""Sums over the batch and averages over the latents."""


def kl_divergence(mu, logvar):
    return -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(0).mean()
