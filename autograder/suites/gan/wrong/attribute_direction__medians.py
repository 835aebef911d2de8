"""Takes medians instead of means."""


def attribute_direction(codes, has):
    return codes[has == 1].median(dim=0).values - codes[has == 0].median(dim=0).values
