"""Compares those with the attribute with everybody."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([error.mean().expand(marks.shape[1]), marks.T @ error / marks.sum(0)], dim=1)
