"""Clamps the total KL, not that of each latent."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor)
