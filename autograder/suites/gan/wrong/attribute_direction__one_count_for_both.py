"""Divides both sums by the number of all codes."""


def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return (sign[:, None] * codes).mean(dim=0)
