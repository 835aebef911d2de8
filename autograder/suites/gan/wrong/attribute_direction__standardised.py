"""Divides by the spread of the codes."""


def attribute_direction(codes, has):
    return (codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)) / codes.std(dim=0)
