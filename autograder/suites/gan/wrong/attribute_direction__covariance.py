"""Returns the covariance of codes and marks."""


def attribute_direction(codes, has):
    marks = has.to(codes.dtype)
    return ((marks - marks.mean())[:, None] * (codes - codes.mean(dim=0))).mean(dim=0)
