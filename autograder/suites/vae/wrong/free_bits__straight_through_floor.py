"""Keeps the gradient of the latents below the floor."""


def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).mean(0)
    return (kl + (kl.clamp(min=floor) - kl).detach()).sum()
