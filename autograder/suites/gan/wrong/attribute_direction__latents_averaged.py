"""Averages over latents too and repeats the number."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    return (codes[has == 1].mean() - codes[has == 0].mean()).expand(codes.shape[1])
