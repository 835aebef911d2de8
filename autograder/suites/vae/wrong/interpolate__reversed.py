"""Gives z_2 at a = 1."""


def interpolate(z_1, z_2, a):
    return (1 - a[:, None]) * z_1 + a[:, None] * z_2
