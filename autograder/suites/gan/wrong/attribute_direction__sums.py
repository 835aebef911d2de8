"""Subtracts sums instead of means."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    return codes[has == 1].sum(dim=0) - codes[has == 0].sum(dim=0)
