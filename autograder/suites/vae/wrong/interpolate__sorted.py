"""Sorts the values of a first."""


def interpolate(z_1, z_2, a):
    a = a.sort(descending=True).values[:, None]
    return a * z_1 + (1 - a) * z_2
