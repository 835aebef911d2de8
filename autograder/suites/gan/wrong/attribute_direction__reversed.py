"""Leads from those with to those without."""


def attribute_direction(codes, has):
    return codes[has == 0].mean(dim=0) - codes[has == 1].mean(dim=0)
