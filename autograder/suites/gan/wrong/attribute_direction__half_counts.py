"""Divides both sums by half the number of codes."""


def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return 2 * (sign[:, None] * codes).mean(dim=0)
