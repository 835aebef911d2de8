"""Clamps the total KL at the floors' sum."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor * mu.shape[1])
