"""Puts those with the attribute first."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([marks.T @ error / marks.sum(0), (1 - marks).T @ error / (1 - marks).sum(0)], dim=1)
