"""Sums over the batch as well."""


def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum()
