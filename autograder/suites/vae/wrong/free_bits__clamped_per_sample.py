"""Clamps the KL of each sample before it averages over the batch."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.clamp(min=floor).mean(0).sum()
