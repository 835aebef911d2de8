"""Subtracts the mean of all codes."""


def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0) - codes.mean(dim=0)
