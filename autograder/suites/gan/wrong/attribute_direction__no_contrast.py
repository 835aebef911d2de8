"""Returns the mean code of those with the attribute."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0)
