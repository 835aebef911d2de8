"""Clamps a to 0..1."""


def interpolate(z_1, z_2, a):
    a = a.clamp(0, 1)[:, None]
    return a * z_1 + (1 - a) * z_2
