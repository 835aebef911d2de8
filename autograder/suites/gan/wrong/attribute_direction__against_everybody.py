"""Subtracts the mean of all codes."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0) - codes.mean(dim=0)
