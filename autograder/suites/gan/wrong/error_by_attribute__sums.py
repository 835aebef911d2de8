"""Sums the errors."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1)
