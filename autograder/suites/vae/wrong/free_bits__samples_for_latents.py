"""Compares the KL of each sample, summed over latents, with the floor."""


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(1).clamp(min=floor).mean()
