"""Two matrix products and their counts."""

# ruff: noqa: F821  (torch, nn, F and earlier answers are names of the notebook)


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    with_it = marks.T @ error / marks.sum(0)
    without = (1 - marks).T @ error / (1 - marks).sum(0)
    return torch.stack([without, with_it], dim=1)
