"""Subtracts sums instead of means."""


def attribute_direction(codes, has):
    return codes[has == 1].sum(dim=0) - codes[has == 0].sum(dim=0)
