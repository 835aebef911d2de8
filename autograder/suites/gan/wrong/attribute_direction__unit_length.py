"""Scales the direction to length one."""


def attribute_direction(codes, has):
    return F.normalize(codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0), dim=0)
