"""Weighs by square roots, so that the variance of noise is kept."""


def interpolate(z_1, z_2, a):
    a = a[:, None]
    return a.clamp(min=0).sqrt() * z_1 + (1 - a).clamp(min=0).sqrt() * z_2
