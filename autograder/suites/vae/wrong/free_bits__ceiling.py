"""Clamps from above instead of from below."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(max=floor).sum()
