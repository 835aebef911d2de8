"""Takes medians instead of means."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def attribute_direction(codes, has):
    return codes[has == 1].median(dim=0).values - codes[has == 0].median(dim=0).values
