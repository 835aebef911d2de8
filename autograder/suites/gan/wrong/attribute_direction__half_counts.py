"""Divides both sums by half the number of codes."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return 2 * (sign[:, None] * codes).mean(dim=0)
