"""Returns the mean code of those with the attribute."""


def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0)
