"""Sums the errors."""


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1)
