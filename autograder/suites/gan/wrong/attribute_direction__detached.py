"""Cuts the graph to the codes."""


def attribute_direction(codes, has):
    codes = codes.detach()
    return codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)
