"""Compares those with the attribute with everybody."""


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([error.mean().expand(marks.shape[1]), marks.T @ error / marks.sum(0)], dim=1)
