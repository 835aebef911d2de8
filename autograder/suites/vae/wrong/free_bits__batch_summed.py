"""Sums over the batch before it compares with the floor."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(0).clamp(min=floor).sum()
