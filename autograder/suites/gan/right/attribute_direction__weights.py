"""Weighted sums, with the marks in the precision of the codes."""


def attribute_direction(codes, has):
    has = has.to(codes.dtype)
    with_it = (has[:, None] * codes).sum(0) / has.sum()
    without = ((1 - has)[:, None] * codes).sum(0) / (1 - has).sum()
    return with_it - without
