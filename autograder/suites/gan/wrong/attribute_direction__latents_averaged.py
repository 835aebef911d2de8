"""Averages over latents too and repeats the number."""


def attribute_direction(codes, has):
    return (codes[has == 1].mean() - codes[has == 0].mean()).expand(codes.shape[1])
