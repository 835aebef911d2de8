"""Compares the means only."""


def earth_mover_1d(x, y):
    return (x.mean() - y.mean()).abs()
