"""Puts those with the attribute first."""


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([marks.T @ error / marks.sum(0), (1 - marks).T @ error / (1 - marks).sum(0)], dim=1)
